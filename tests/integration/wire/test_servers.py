"""The same over every server: granian speaks RSGI to the application, uvicorn speaks ASGI."""

from pathlib import Path

import pytest

from portico import App
from portico.adapters.postgres.servers import Urls
from portico.testing import Harness, open_harness
from portico.testing.databases import Databases
from tests.integration.office.people import open_office
from tests.integration.wire.servers import IDS, Kind, Seen, chunked, exchanged, request, served

pytestmark = pytest.mark.anyio
KINDS: tuple[Kind, ...] = ("rsgi", "asgi")
ORIGIN = "https://app.example"
JSON = "Content-Type: application/json"
MAX = 1024
SETTINGS = {
    "portico_origins": (ORIGIN,),
    "portico_trusted_proxies": ("127.0.0.0/8",),
    "portico_max_body": MAX,
    "portico_access_log": True,
}


@pytest.fixture
async def urls(portico_app: App, portico_databases: Databases) -> Urls:
    """The office's database."""
    return await portico_databases.of(portico_app)


@pytest.fixture(autouse=True)
def static(portico_app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files small and large."""
    (tmp_path / "small.css").write_text("b { color: red }")
    (tmp_path / "large.txt").write_text("0123456789" * 20_000)
    monkeypatch.setattr(portico_app, "static", tmp_path)


def papers(who: tuple[str, ...]) -> dict[str, bytes]:
    """Requests of a member."""
    path = "/api/v1/papers"
    paper, key = '{"title": "One"}', "Idempotency-Key: k1"
    return {
        "filed": request("POST", path, *who, JSON, key, body=paper),
        "replayed": request("POST", path, *who, JSON, key.upper(), body=paper),
        "in chunks": chunked("POST", path, *who, JSON, chunks=[b'{"title"', b': "', b'Two"}']),
        "no chunk": chunked("POST", path, *who, JSON, chunks=[]),
        "no JSON": request("POST", path, *who, JSON, body="{"),
        "no media type": request("POST", path, *who, body="{}"),
        "listed": request("GET", path + "?limit=1&body=x%20y%C3%A4&body=", *who),
        "two cookies": request("GET", path, *who[1:], "Cookie: a=1", "Cookie: __Host-session=junk; b=2"),
        "junk in the place of a token": request("GET", path, "Authorization: Bearer \xe4", "Cookie: __Host-session=x"),
        "junk for an organization": request("GET", path, who[0], "X-Org-Id: \xe4"),
        "junk for a key": request("POST", path, *who, JSON, "Idempotency-Key: \xe4", body=paper),
        "from elsewhere": request("POST", path, "Sec-Fetch-Site: cross-site", JSON, body=paper),
        "page": request("GET", "/desk", *who),
        "door": request("GET", "/desk"),
        "blamed form": request("POST", "/desk", *who, "Content-Type: application/x-www-form-urlencoded", body="title="),
    }


def bare() -> dict[str, bytes]:
    """Requests of nobody in particular."""
    path, hops = "/api/v1/untouched", ("X-Forwarded-For: 192.0.2.1, 198.51.100.7", "X-Forwarded-For: 127.0.0.9")
    asking = ("Access-Control-Request-Method: GET", f"Origin: {ORIGIN}")
    return {
        "plain": request("GET", path),
        "with an id": request("GET", path, "X-Request-ID: one-of-my-own"),
        "through proxies": request("GET", path, *hops),
        "head": request("HEAD", path),
        "head of nothing": request("HEAD", "/nowhere"),
        "options": request("OPTIONS", path),
        "preflight": request("OPTIONS", path, *asking),
        "listed origin": request("GET", path, f"Origin: {ORIGIN}"),
        "listed origin, refused": request("GET", "/nowhere", f"Origin: {ORIGIN}"),
        "nowhere": request("GET", "/api/v1/n%C3%B6%2Fwhere?a=b", "Accept-Language: de"),
        "no such method": request("DELETE", path),
        "nobody": request("POST", "/api/v1/papers", JSON, body="{}"),
        "nobody, in chunks": chunked("POST", "/api/v1/papers", JSON, chunks=[b"x" * MAX] * 3),
        "too large, unsent": request("POST", "/api/v1/papers", f"Content-Length: {MAX + 1}", JSON),
        "too large": request("POST", "/api/v1/papers", JSON, body=b"x" * 2_000_000),
        "file": request("GET", "/static/small.css"),
        "file of several pieces": request("GET", "/static/large.txt", f"Origin: {ORIGIN}"),
        "file, its end": request("GET", "/static/large.txt", "Range: bytes=199990-"),
        "file, beyond its end": request("GET", "/static/small.css", "Range: bytes=99-"),
        "file, in pages": request("GET", "/static/small.css", "Range: pages=0-1"),
        "file, its head": request("HEAD", "/static/large.txt"),
        "file, unchanged": request("GET", "/static/small.css", "If-None-Match: *"),
        "no file": request("GET", "/static/none.css"),
    }


async def answers(kind: Kind, app: App, urls: Urls) -> dict[str, Seen | None]:
    """What a fresh application answers behind that server."""
    async with open_harness(app, urls, **SETTINGS) as harness:
        await harness.empty()
        office = await open_office(harness, "Alpha")
        who = (f"Authorization: Bearer {harness.token(office.member)}", f"X-Org-Id: {office.org.id}")
        async with served(kind, app) as port:
            return {name: await exchanged(port, raw) for name, raw in {**bare(), **papers(who)}.items()}


async def test_both_servers_answer_alike(portico_app: App, urls: Urls, capsys: pytest.CaptureFixture[str]) -> None:
    """Status, headers and body of every kind of request, and its line in the log.

    A line is written when the last piece of a file is on its way: the next request may be answered, and logged, before.
    """
    under, lines = {}, {}
    for kind in KINDS:
        under[kind] = await answers(kind, portico_app, urls)
        logged = capsys.readouterr().err.splitlines()
        lines[kind] = sorted(IDS.sub("*", line) for line in logged if '"method"' in line)

    for name, answer in under["rsgi"].items():
        assert answer == under["asgi"][name], name
    assert lines["rsgi"] == lines["asgi"]
    assert len(lines["rsgi"]) == len(under["rsgi"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", ["said", "unsaid"])
async def test_a_body_that_is_cut_off_is_none(portico_app: App, urls: Urls, kind: Kind, *, size: str) -> None:
    """What has come of it may look whole: nothing is done with it."""
    async with open_harness(portico_app, urls) as harness:
        await harness.empty()
        office = await open_office(harness, "Alpha")
        head = ("POST", "/api/v1/papers", f"Authorization: Bearer {harness.token(office.member)}", JSON)
        part = b'{"title": "Cut"}'
        said = request(*head, f"Content-Length: {len(part) + 9}") + part
        async with served(kind, portico_app) as port:
            await exchanged(port, said if size == "said" else chunked(*head, chunks=[part], whole=False), cut=True)
            after = await exchanged(port, request(*head, body=b'{"title": "Whole"}'))

        assert after is not None
        assert after.status == "201"
        assert await office.titles() == ["Whole"]


@pytest.mark.parametrize(
    ("wanted", "status"),
    [("bytes=0-1", 206), ("Bytes=0-1", 206), ("items=0-1", 200), ("nonsense", 200), ("", 200), ("bytes=99999-", 416)],
)
async def test_a_range_in_units_that_nobody_knows_is_the_whole_file(
    portico: Harness, *, wanted: str, status: int
) -> None:
    """As RFC 9110 says: it is as if nothing was said of a range."""
    whole = await portico.client().get("/static/small.css")

    reply = await portico.client().get("/static/small.css", {"range": wanted})

    assert reply.status == status
    assert (reply.content == whole.content) == (status == 200)


@pytest.mark.parametrize("kind", KINDS)
async def test_chunks_that_are_none_are_no_failure_of_ours(portico_app: App, urls: Urls, kind: Kind) -> None:
    """Who sends them is told 400, and the next is served."""
    head = request("POST", "/api/auth/sign-in", "Transfer-Encoding: chunked", JSON)
    async with open_harness(portico_app, urls), served(kind, portico_app) as port:
        broken = await exchanged(port, head + b"zz\r\nabc\r\n")
        after = await exchanged(port, request("GET", "/static/small.css"))

    assert broken is not None
    assert after is not None
    assert (broken.status, after.status) == ("400", "200")


async def test_who_asks_granian_for_a_socket_is_refused(portico_app: App, urls: Urls) -> None:
    """Where the action is no subscription, there is none."""
    upgrade = ("Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
    asking = request("GET", "/api/v1/untouched", "Connection: Upgrade", *upgrade)

    async with open_harness(portico_app, urls), served("rsgi", portico_app) as port:
        answer = await exchanged(port, asking)

    assert answer is not None
    assert answer.status == "404"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_client_that_leaves_amid_a_file_is_no_failure(
    portico_app: App, urls: Urls, kind: Kind, *, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody is told of one, and the next is served."""
    (tmp_path / "huge.txt").write_bytes(b"x" * 20_000_000)
    async with open_harness(portico_app, urls), served(kind, portico_app) as port:
        await exchanged(port, request("GET", "/static/huge.txt"), cut=True)
        after = await exchanged(port, request("GET", "/static/small.css"))

    assert after is not None
    assert after.status == "200"
    assert caplog.messages == []
