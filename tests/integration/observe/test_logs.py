"""What is logged of a request and of a failure: enough to find it, and no secret."""

import pytest
from pydantic_core import from_json

from portico.adapters.postgres.servers import Urls
from tests.integration.observe.conftest import Logged, opened

pytestmark = pytest.mark.anyio
SHIP = {
    "name": "Mary",
    "password": "Fair-Winds-7",
    "access_token": "tok-lighthouse",
    "number": "P-190-774",
}
HEADERS = {
    "authorization": "Bearer sea-shanty-bearer",
    "cookie": "__Host-session=crow-nest-cookie; theme=dark-blue",
    "x-csrf-token": "anchor-csrf-token",
}
SECRETS = {
    *("Fair-Winds-7", "tok-lighthouse", "P-190-774"),
    *("sea-shanty-bearer", "crow-nest-cookie", "anchor-csrf-token"),
}


async def test_a_failure_is_logged_with_its_context_and_no_secret(urls: Urls, logged: Logged) -> None:
    """Category, severity, action and request id are there, and the traceback; what the caller would hide is not."""
    async with opened(urls) as portico:
        reply = await portico.client().post("/api/v1/ships", SHIP, headers=HEADERS)

    (line,) = [line for line in logged() if "traceback" in line]
    assert (reply.status, reply.json["request_id"]) == (500, line["request_id"])
    assert (line["severity"], line["category"], line["action"]) == ("error", "internal", "harbor.register")
    assert "RuntimeError: the pier is full: ('Mary', '[secret]'" in line["traceback"]
    assert [secret for secret in SECRETS if secret in str(logged())] == []


async def test_a_misspelled_setting_is_told_at_the_start(
    urls: Urls, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the one that it may mean; Portico's own are not told."""
    monkeypatch.setenv("PORTICO_MAX_BODIES", "2048")
    monkeypatch.setenv("PORTICO_MAX_BODY", "2048")
    async with opened(urls):
        lines = [line for line in logged() if line.get("category") == "configuration"]

    assert [(line["severity"], line["message"]) for line in lines] == [
        ("warning", "PORTICO_MAX_BODIES is none of Portico's settings; did you mean PORTICO_MAX_BODY?")
    ]


async def test_the_access_line_says_whose_call_of_what_it_was(urls: Urls, capsys: pytest.CaptureFixture[str]) -> None:
    """Who, in which organization, which action; of a refusal its code and category; each with its severity and time."""
    async with opened(urls, portico_access_log=True) as portico:
        org = await portico.organization("Alpha")
        sailor = await portico.member("sailor@alpha.test", org=org.id)
        await portico.client(sailor, org=org.id).get("/api/v1/crew")
        await portico.client().get("/api/v1/crew")
        await portico.client().get("/api/v1/nowhere")
        await portico.client().post("/api/v1/ships", SHIP)

    well, stranger, lost, failed = [from_json(line) for line in capsys.readouterr().err.splitlines()]
    whose = {"user": str(sailor.id), "org": str(org.id), "action": "harbor.crew", "severity": "info", "status": 200}
    assert whose.items() <= well.items()
    assert well["at"].endswith("Z")
    assert {"severity": "warning", "code": "UNAUTHORIZED", "category": "auth"}.items() <= stranger.items()
    assert {"severity": "info", "code": "NOT_FOUND", "category": "missing"}.items() <= lost.items()
    assert {"severity": "error", "code": "INTERNAL_ERROR", "action": "harbor.register"}.items() <= failed.items()
    assert not {"user", "action"} & lost.keys()


async def test_a_person_reads_the_action_beside_the_path(urls: Urls, capsys: pytest.CaptureFixture[str]) -> None:
    """As text, a line ends with the action and, of a refusal, the code."""
    async with opened(urls, portico_access_log=True, portico_log="text") as portico:
        await portico.client().get("/api/v1/crew")

    assert capsys.readouterr().err.strip().endswith("ms harbor.crew UNAUTHORIZED")
