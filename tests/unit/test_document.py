"""A document is made once, and sent to whoever has not got it."""

import pytest

from portico.core.principal import Request
from portico.transports.document import DocumentEndpoint
from portico.transports.line import Headers
from portico.transports.wire import Exchange, Wire

pytestmark = pytest.mark.anyio


class Spoken(Wire):
    """A request that notes its answer."""

    def __init__(self, method: str = "GET", **headers: str) -> None:
        """A request with these headers."""
        super().__init__()
        self.method, self.headers = method, headers
        self.answers: list[tuple[int, dict[str, str], bytes]] = []

    async def respond(self, status: int, headers: Headers, body: bytes) -> None:
        """Note the answer."""
        self.answers.append((status, dict(headers), body))


class Making:
    """Counts how often the document is made."""

    def __init__(self) -> None:
        """Never yet."""
        self.times = 0

    def __call__(self) -> bytes:
        """Make it."""
        self.times += 1
        return b"made"


async def answered(endpoint: DocumentEndpoint, wire: Spoken) -> tuple[int, dict[str, str], bytes]:
    """What the endpoint sends; the status it returns is the one it sends."""
    status = await endpoint(Exchange(wire, {}, Request(id="r1")))
    assert wire.answers[0][0] == status
    return wire.answers[0]


async def test_it_is_made_when_first_asked_for_and_kept() -> None:
    """A start waits for none of it."""
    making = Making()
    endpoint = DocumentEndpoint("text/plain", making, also=[("x-own", "1")])
    assert making.times == 0

    first, second = [await answered(endpoint, Spoken()) for _ in range(2)]

    assert making.times == 1
    assert first == second
    assert first[0] == 200
    assert first[2] == b"made"
    assert (first[1]["content-type"], first[1]["x-own"], first[1]["x-request-id"]) == ("text/plain", "1", "r1")


async def test_what_is_known_is_not_sent_again() -> None:
    """304 has the ETag, and no length: that would be the length of what it stands for."""
    endpoint = DocumentEndpoint("text/plain", Making())
    tag = (await answered(endpoint, Spoken()))[1]["etag"]

    status, headers, body = await answered(endpoint, Spoken(**{"if-none-match": tag}))

    assert (status, headers["etag"], body) == (304, tag, b"")
    assert "content-length" not in headers


async def test_what_another_origin_may_read_is_said_with_304_too() -> None:
    """A browser checks every answer."""
    endpoint = DocumentEndpoint("text/plain", Making())
    wire = Spoken(**{"if-none-match": "*"})
    wire.leave = [("access-control-allow-origin", "https://app.test")]

    headers = (await answered(endpoint, wire))[1]

    assert headers["access-control-allow-origin"] == "https://app.test"
