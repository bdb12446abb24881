"""`portico openapi` and `portico catalog` as a user runs them: what they need, what they say where it is missing."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portico.cli import portico

SHOP = "tests.unit.contract.shop:app"
PAGES = '''
"""Nothing but a page."""
from portico import App, Html, Module, Public, PublicContext
pages = Module("pages", prefix="")
@pages.query("GET /", Public("why"))
async def home(ctx: PublicContext) -> Html:
    """Welcome."""
    return Html("home.html", {})
app = App("pages", modules=[pages])
'''


def run(*arguments: str) -> Result:
    """The command's end, in this process."""
    return CliRunner().invoke(portico, arguments)


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """The shop's contract, written down."""
    file = tmp_path / "released.json"
    assert run("openapi", SHOP, "--out", str(file)).exit_code == 0
    return file


def edited(released: Path, edit: str, instead: str) -> Path:
    """The contract with something else in it."""
    text = released.read_text(encoding="utf-8")
    assert edit in text
    file = released.with_name("edited.json")
    file.write_text(text.replace(edit, instead), encoding="utf-8")
    return file


def test_the_newest_version_is_written(released: Path) -> None:
    """As JSON that people can read, with a line's end."""
    text = released.read_text(encoding="utf-8")

    assert json.loads(text)["info"]["version"] == "v1"
    assert text.startswith('{\n "openapi": "3.1.1"')
    assert text.endswith("}\n")


def test_a_version_that_there_is_not_is_told_with_those_that_there_are() -> None:
    """Nobody has to look it up."""
    answer = run("openapi", SHOP, "--version", "v9")

    assert (answer.exit_code, answer.stderr) == (1, "Error: shop has no version v9: write --version v1.\n")


def test_an_application_named_by_the_environment_will_do(monkeypatch: pytest.MonkeyPatch, released: Path) -> None:
    """As with every command about an application."""
    monkeypatch.setenv("PORTICO_APP", SHOP)

    assert run("openapi").stdout == released.read_text(encoding="utf-8")
    assert run("catalog").stdout.startswith("# The actions of shop\n")
    assert run("openapi", "diff", str(released)).exit_code == 0


def test_a_file_is_compared_with_a_file(released: Path) -> None:
    """Without any application."""
    other = edited(released, '"operationId": "shop.visit"', '"operationId": "shop.look"')

    found = run("openapi", "diff", str(released), str(other))

    assert found.exit_code == 1
    assert found.stdout == "shop.visit (POST /api/v1/visits) was removed.\n"


def test_an_application_is_compared_in_the_version_of_the_file(released: Path) -> None:
    """One that it does not serve any more is named with those that it does."""
    other = edited(released, '"version": "v1"', '"version": "v4"')

    found = run("openapi", "diff", str(other), SHOP)

    assert found.exit_code == 1
    assert "There is no such version of this API" in found.output


@pytest.mark.parametrize("content", ["", "[1]", "{}", '{"openapi": "3.1.0"}'])
def test_what_is_no_document_is_named(tmp_path: Path, content: str) -> None:
    """With how to write one."""
    file = tmp_path / "odd.json"
    file.write_text(content, encoding="utf-8")

    found = run("openapi", "diff", str(file), SHOP)

    assert found.exit_code == 1
    assert "odd.json" in found.output
    assert "write it with `portico openapi --out" in found.output


def test_an_application_without_an_api_has_no_contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are no API."""
    (tmp_path / "only_pages.py").write_text(PAGES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)

    found = run("openapi", "only_pages:app")

    assert found.exit_code == 1
    assert "pages serves nothing under /api/v1" in found.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("openapi", "--help"), "find what a newer one breaks"),
        (("openapi", "diff", "--help"), "exit code 1"),
        (("openapi", "write", "--help"), "no database is needed"),
        (("catalog", "--help"), "Write the page of all actions"),
    ],
)
def test_help_says_what_they_do(arguments: tuple[str, ...], said: str) -> None:
    """In a sentence."""
    found = run(*arguments)

    assert found.exit_code == 0
    assert said in " ".join(found.stdout.split())


def test_a_file_that_is_not_there_is_written_wrongly() -> None:
    """Exit code 2, as with every command."""
    assert run("openapi", "diff", "nowhere.json", SHOP).exit_code == 2
