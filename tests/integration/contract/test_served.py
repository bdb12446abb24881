"""Each version's document is served, as the bytes that the command writes."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from portico.adapters.postgres.servers import Urls
from portico.app.contract import encoded
from portico.app.migrating import migrate
from portico.cli import portico as program
from portico.testing import Client, Harness, open_harness
from portico.testing.harness import settings_for
from tests.integration.office.app import app

pytestmark = pytest.mark.anyio
PATH = "/api/v1/openapi.json"


async def test_the_document_is_served_to_anybody(portico: Harness) -> None:
    """It tells nothing that a caller would not find; the server's address is the application's."""
    reply = await portico.client().get(PATH)

    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    assert reply.content == encoded(app, "v1", "https://testserver")
    assert "/api/v1/papers" in reply.json["paths"]
    assert "/api/auth/me" in reply.json["paths"]
    assert "/papers" not in reply.json["paths"]


async def test_who_has_it_is_sent_nothing(portico: Harness) -> None:
    """Its ETag names it; a copy may be kept and is asked about."""
    first = await portico.client().get(PATH)

    again = await portico.client().get(PATH, {"if-none-match": f'"other", W/{first.headers["etag"]}'})
    other = await portico.client().get(PATH, {"if-none-match": '"other"'})

    assert first.headers["cache-control"] == "no-cache"
    assert (again.status, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert (other.status, other.content) == (200, first.content)


async def test_head_sends_no_body(portico: Harness) -> None:
    """Its length alone."""
    reply = await portico.client().send("HEAD", PATH)

    assert (reply.status, reply.content) == (200, b"")
    assert int(reply.headers["content-length"]) > 1000


async def test_an_operator_may_close_it(database: Urls) -> None:
    """Where the contract is nobody's business."""
    await migrate(app, database, settings_for(database), report=lambda _: None)

    async with open_harness(app, database, portico_api_docs=False) as closed:
        replies = [await Client(closed.app).get(path) for path in (PATH, "/api/docs", "/api/changelog", "/llms.txt")]

    assert {reply.status for reply in replies} == {404}


async def test_the_page_of_the_api_is_served_with_a_policy_of_its_own(portico: Harness) -> None:
    """Nothing inline, nothing from elsewhere; its links hold wherever the application is mounted."""
    reply = await portico.client().get("/api/docs")

    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert reply.headers["content-security-policy"].startswith(
        "default-src 'none'; script-src 'self'; style-src 'self';"
    )
    assert 'data-document="v1/openapi.json" aria-current="page"' in reply.text
    assert 'src="/' not in reply.text


def test_the_command_writes_the_same(tmp_path: Path) -> None:
    """To standard output, or to a file."""
    file = f"{tmp_path}/v1.json"
    name = "tests.integration.office.app:app"

    printed = CliRunner().invoke(program, ["openapi", name, "--version", "v1"])
    written = CliRunner().invoke(program, ["openapi", name, "--out", file])
    same = CliRunner().invoke(program, ["openapi", "diff", file, name])

    assert printed.stdout.encode() == encoded(app, "v1", indent=1) + b"\n"
    assert written.exit_code == 0
    assert (same.exit_code, same.stdout) == (0, "")


def test_a_break_ends_the_command_with_1(tmp_path: Path) -> None:
    """Each in a sentence; a file that is no document is named."""
    old, odd = f"{tmp_path}/old.json", f"{tmp_path}/odd.json"
    CliRunner().invoke(program, ["openapi", "tests.integration.office.app:app", "--out", old])
    Path(odd).write_text("[]", encoding="utf-8")

    broken = CliRunner().invoke(program, ["openapi", "diff", old, "tests.integration.users.conftest:app"])
    wrong = CliRunner().invoke(program, ["openapi", "diff", odd, old])
    unknown = CliRunner().invoke(program, ["openapi", "tests.integration.office.app:app", "--version", "v7"])

    assert broken.exit_code == 1
    assert "papers.create (POST /api/v1/papers) was removed." in broken.stdout
    assert (wrong.exit_code, unknown.exit_code) == (1, 1)
    assert "holds no OpenAPI document" in wrong.output
