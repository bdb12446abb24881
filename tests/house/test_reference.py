"""What a user can name, a user can look up."""

import inspect

import pytest

import portico
from portico.app.settings import Settings
from portico.errors import TABLE
from tests.house.tree import ROOT, first_word, headings


def test_every_public_name_is_in_the_reference() -> None:
    """Each name that `from portico import …` gives has its heading."""
    assert sorted(set(portico.__all__) - headings(name="api.md")) == []


def test_every_public_name_exists() -> None:
    """The list of exports names what is there, and once."""
    assert sorted(portico.__all__) == sorted(set(portico.__all__))
    assert [name for name in portico.__all__ if not hasattr(portico, name)] == []


def test_every_error_code_is_in_the_reference() -> None:
    """Each code that a caller can be given has its heading."""
    ours = {code for code, error in TABLE.items() if error.__module__.split(".")[0] == "portico"}

    assert sorted(ours - headings(name="errors.md")) == []


def test_every_policy_is_in_the_reference() -> None:
    """Each public policy has its heading."""
    assert sorted(public_policies() - headings(name="policies.md")) == []


def test_every_setting_is_in_the_reference() -> None:
    """Each setting has its heading, by the name of its environment variable."""
    assert sorted({name.upper() for name in Settings.model_fields} - headings(name="settings.md")) == []


def test_every_setting_says_what_it_does() -> None:
    """The table of settings is made from their descriptions."""
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_policies_are_found() -> None:
    """The list that the reference is held against is no empty one."""
    assert {"Allow", "Idempotent", "RateLimit"} <= public_policies()


@pytest.mark.parametrize(
    ("heading", "word"),
    [("## `App`", "App"), ("### `Keyset(limit=20)`", "Keyset"), ("# NOT_FOUND: 404", "NOT_FOUND"), ("##", "")],
)
def test_a_heading_is_about_its_first_word(heading: str, word: str) -> None:
    """Signature, code marks and what follows are set aside."""
    assert first_word(heading) == word


def test_the_reference_of_an_empty_folder_is_empty() -> None:
    """A page that is not there has no headings, so that every name is reported."""
    assert headings(str(ROOT / "tests" / "house"), "no.md") == frozenset()


def public_policies() -> set[str]:
    """Names of the policies that applications use; the class they all derive from aside."""
    named = {name: getattr(portico, name) for name in portico.__all__}
    kinds = {name: kind for name, kind in named.items() if inspect.isclass(kind)}
    return {name for name, kind in kinds.items() if issubclass(kind, portico.Policy) and kind is not portico.Policy}
