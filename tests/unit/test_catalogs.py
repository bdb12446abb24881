"""Messages in the caller's language."""

import re
from pathlib import Path

import pytest

from portico import Error, FieldError, Misconfigured, NotFound, Unauthorized
from portico.core.field_errors import ALL_CODES
from portico.errors import TABLE
from portico.errors.catalogs import DEFAULT, Catalogs


class Priced(Error, code="TEST_PRICED", status=402):
    """This costs {price} now."""

    price: int


@pytest.fixture(scope="module")
def ours() -> Catalogs:
    """Portico's own messages."""
    return Catalogs()


def folder(tmp_path: Path, **languages: str) -> Path:
    """A folder of catalogs."""
    for language, text in languages.items():
        (tmp_path / f"{language}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_every_code_of_the_framework_has_words_in_every_language(ours: Catalogs) -> None:
    """English errors speak by their docstrings; everything else stands in the catalogs."""
    codes = {code for code, kind in TABLE.items() if kind.__module__ == Error.__module__} | {*ALL_CODES}

    missing = {language: codes - ours.codes(language) for language in ours.languages if language != DEFAULT}

    assert missing == {"de": set()}
    assert {code for code in ours.codes(DEFAULT) - ours.codes("de") if "." in code} == set()
    assert set(ALL_CODES) - ours.codes(DEFAULT) == set()


def test_every_language_has_the_same_places(ours: Catalogs) -> None:
    """A translation that drops a place, or invents one, would say less or nothing."""
    samples = {code: FieldError(code, {"limit": 3, "expected": "a or b"}) for code in ALL_CODES}

    for code, finding in samples.items():
        english, german = ours.finding(finding, "en"), ours.finding(finding, "de")
        assert ("3" in english, "a or b" in english) == ("3" in german, "a or b" in german), code
        assert "{" not in english + german


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("DE-at, en;q=0.9", "de"),
        ("en;q=0.3, de;q=0.8", "de"),
        ("fr, de;q=0.5, en;q=0.4", "de"),
        ("en, de", "en"),
        ("", "en"),
        ("fr", "en"),
        ("*", "en"),
        ("de;q=0, en", "en"),
        ("de;q=junk, en", "en"),
        (";;;,,,=", "en"),
        ("de; q=0.9", "de"),
    ],
)
def test_the_language_is_chosen_as_the_header_weighs_it(ours: Catalogs, header: str, language: str) -> None:
    """By quality, then by order; what nobody speaks, and what is no header at all, means English."""
    assert ours.choose(header) == language


def test_a_header_of_thousands_of_languages_is_not_read_to_its_end(ours: Catalogs) -> None:
    """Twenty wishes are enough of one caller."""
    assert ours.choose(", ".join(["xx"] * 5000 + ["de"])) == "en"


def test_an_application_s_words_stand_before_ours(tmp_path: Path) -> None:
    """Its catalogs may replace a message, and bring a language."""
    catalogs = Catalogs([folder(tmp_path, de='NOT_FOUND = "Weg."', fr='NOT_FOUND = "Introuvable."')])

    assert catalogs.error(NotFound(), "de") == "Weg."
    assert catalogs.error(NotFound(), catalogs.choose("fr-CA")) == "Introuvable."
    assert catalogs.error(Unauthorized(), "de") == Catalogs().error(Unauthorized(), "de")


def test_what_a_language_has_no_words_for_is_said_in_english(tmp_path: Path) -> None:
    """Errors fall back to their docstring, findings to the English catalog, unknown codes to a general sentence."""
    catalogs = Catalogs([folder(tmp_path, fr="")])

    assert catalogs.error(NotFound(), "fr") == str(NotFound())
    assert catalogs.finding(FieldError("VAL_REQUIRED_FIELD"), "fr") == "Please fill this in."
    assert catalogs.finding(FieldError("VAL_NOBODY_KNOWS"), "fr") == "This value is not accepted."
    assert catalogs.finding(FieldError("VAL_NOBODY_KNOWS", default="Not this."), "fr") == "Not this."


def test_an_error_s_data_fills_its_message(tmp_path: Path) -> None:
    """In the docstring as in the catalog."""
    catalogs = Catalogs([folder(tmp_path, de='TEST_PRICED = "Das kostet jetzt {price}."')])

    assert catalogs.error(Priced(price=7), "en") == "This costs 7 now."
    assert catalogs.error(Priced(price=7), "de") == "Das kostet jetzt 7."


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('TEST_PRICED = "{prize}"', "TEST_PRICED: its message '{prize}' names {prize}, which it does not have; it has"),
        (
            'TEST_PRICED = "{price"',
            "TEST_PRICED: its message '{price' cannot be filled (expected '}' before end of str",
        ),
        ('NOT_FOUND = "{0}"', "NOT_FOUND: its message '{0}' names {0}, which it does not have; it has at, message"),
        (
            'VAL_TOO_LONG = "{limits}"',
            "VAL_TOO_LONG: its message '{limits}' names {limits}, which it does not have; it has l",
        ),
        ('VAL_OF_OURS = "{}"', "VAL_OF_OURS: its message '{}' names {}, which it does not have; a place is a name."),
    ],
)
def test_a_message_that_cannot_be_filled_stops_the_start(tmp_path: Path, line: str, said: str) -> None:
    """Each is named with its file: its readers would be told of braces."""
    with pytest.raises(Misconfigured, match=re.escape(said)) as refused:
        Catalogs([folder(tmp_path, de=f'{line}\nFORBIDDEN = "{{there}}"')])

    assert str(refused.value).startswith(f"The messages in {tmp_path / 'de.toml'} cannot all be filled:\n- ")
    assert "\n- FORBIDDEN: " in str(refused.value)


def test_a_message_that_nobody_fills_is_said_as_it_stands(tmp_path: Path) -> None:
    """What an application's own finding holds is known when it is made: a lack turns no refusal into a failure."""
    catalogs = Catalogs([folder(tmp_path, de='VAL_OF_OURS = "Nur {most}."')])

    assert catalogs.finding(FieldError("VAL_OF_OURS", {"most": 3}), "de") == "Nur 3."
    assert catalogs.finding(FieldError("VAL_OF_OURS"), "de") == "Nur {most}."


def test_a_message_of_one_s_own_stands_in_every_language(ours: Catalogs) -> None:
    """Who writes `message=` has chosen the words; braces in it are no places."""
    assert ours.error(NotFound(message="Nothing {here}."), "de") == "Nothing {here}."
    assert ours.finding(FieldError("VAL_TOO_LONG", message="Too {long}."), "de") == "Too {long}."


def test_a_catalog_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    """The message names the file."""
    with pytest.raises(Misconfigured, match=r"de\.toml cannot be read"):
        Catalogs([folder(tmp_path, de="NOT_FOUND = ")])
