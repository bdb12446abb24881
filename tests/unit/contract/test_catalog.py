"""The catalog lists every action with what somebody looks for; the short one is made for programs that read."""

from pathlib import Path

from click.testing import CliRunner

from portico.app.contract import llms_txt
from portico.cli import portico
from portico.generate.catalog import catalog
from tests.unit.contract.shop import app

NAME = "tests.unit.contract.shop:app"


def section(name: str) -> str:
    """What the page says of one action."""
    return catalog(app.name, app.plans.values()).partition(f"### {name}\n")[2].partition("\n###")[0]


def test_an_action_is_told_whole() -> None:
    """Purpose, kind, path, who may call, policies, errors, import path."""
    found = section("shop.offer")

    assert found.startswith("\nOffer a thing. It is for sale at once.\n")
    for row in (
        "| kind | mutation |",
        "| served at | `POST /api/v1/things` |",
        "| GraphQL | `mutation { shopOffer }` |",
        "| who | org |",
        "| written in | `tests.unit.contract.shop.offer` |",
    ):
        assert row in found
    assert "Allow things:create; " in found
    assert "Idempotent required" in found
    assert "409 TEST_SOLD_OUT" in found


def test_a_job_is_served_nowhere() -> None:
    """Workers run it, so that nothing which refuses a caller stands there."""
    found = section("portico.send_mail")

    assert "| served at | nowhere: workers run it |" in found
    assert "| who | worker |" in found
    assert "AUTH_CROSS_SITE" not in found


def test_every_action_is_in_the_table_of_its_module() -> None:
    """With its purpose and import path, and a link to the rest."""
    page = catalog(app.name, app.plans.values())

    assert "## shop\n\nA shop small enough to know its contract by heart" in page
    assert "| [shop.visit](#shopvisit) | Note a visit. | `tests.unit.contract.shop.visit` |" in page
    assert all(f"[{name}](#" in page for name in app.actions)


def test_the_short_catalog_links_to_the_contract() -> None:
    """In the form of llms.txt: a title, a summary, lists of links with what stands there."""
    lines = llms_txt(app).splitlines()

    assert lines[0] == "# shop"
    assert lines[2].startswith("> ")
    assert "- [OpenAPI v1](/api/v1/openapi.json): every action, input, answer and error" in lines
    assert (
        "- [shop.visit](/api/v1/openapi.json): POST /api/v1/visits. Note a visit. Refuses with RATE_LIMIT_EXCEEDED."
        in lines
    )


def test_the_command_prints_or_writes_them(tmp_path: Path) -> None:
    """The page, the short one, or both into a folder."""
    page = CliRunner().invoke(portico, ["catalog", NAME])
    short = CliRunner().invoke(portico, ["catalog", NAME, "--llms"])
    written = CliRunner().invoke(portico, ["catalog", NAME, "--out", str(tmp_path / "new")])

    assert page.stdout == catalog(app.name, app.plans.values())
    assert short.stdout == llms_txt(app)
    assert written.exit_code == 0
    assert (tmp_path / "new" / "catalog.md").read_text(encoding="utf-8") == page.stdout
    assert (tmp_path / "new" / "llms.txt").read_text(encoding="utf-8") == short.stdout
