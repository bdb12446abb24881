"""The admin port: small, strict, and taken over when the process that had it ends."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from portico import Misconfigured
from portico.app.admin import Admin, Page

pytestmark = pytest.mark.anyio
HOST = "127.0.0.1"


async def show(accept: str) -> Page:
    """A page that says what was asked for."""
    return Page(f"for {accept}".encode(), "text/plain")


async def fail(_accept: str) -> Page:
    """A page that cannot be drawn."""
    raise ValueError("out of ink")


def admin(port: int = 0, shown: str = "/metrics") -> Admin:
    """One that has two pages."""
    return Admin({shown: show, "/broken": fail}, host=HOST, port=port)


async def ask(port: int, head: str) -> str:
    """All that it answers."""
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(head.encode())
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer.decode()


async def answers(port: int) -> bool:
    """Whether somebody shows the page."""
    try:
        return (await ask(port, "GET /metrics HTTP/1.1\r\n\r\n")).startswith("HTTP/1.1 200")
    except ConnectionError:
        return False


@pytest.mark.parametrize(
    ("head", "first", "last"),
    [
        ("GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: a/b\r\n\r\n", "HTTP/1.1 200 OK", "for a/b"),
        ("GET /metrics?x=1 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK", "for "),
        ("HEAD /metrics HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK", ""),
        ("POST /metrics HTTP/1.1\r\n\r\n", "HTTP/1.1 405 Method Not Allowed", "Ask by GET.\n"),
        ("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found", "There is /metrics, /broken.\n"),
        ("GET /broken HTTP/1.1\r\n\r\n", "HTTP/1.1 500 Internal Server Error", "The log says why.\n"),
    ],
)
async def test_it_answers_what_it_has(head: str, first: str, last: str) -> None:
    """One request a connection, which it closes; what it does not have, it says."""
    one = admin()
    async with one.open(alone=True):
        answer = await ask(one.port, head)

    lines, _, body = answer.partition("\r\n\r\n")
    assert (lines.split("\r\n")[0], body) == (first, last)
    assert "Connection: close" in lines


async def test_who_asks_strangely_is_hung_up_on() -> None:
    """A head without end takes no memory."""
    one = admin()
    async with one.open(alone=True):
        with pytest.raises(ConnectionError):
            await ask(one.port, "GET /" + "x" * 500_000)


async def test_a_sibling_takes_over() -> None:
    """Of several processes one listens; when it ends, another does."""
    async with AsyncExitStack() as first, AsyncExitStack() as second:
        one = admin()
        await first.enter_async_context(one.open(alone=True))
        two = admin(one.port)
        await second.enter_async_context(two.open(alone=False))

        await first.aclose()

        async with asyncio.timeout(20):
            while not await answers(one.port):
                pass


async def test_an_address_of_another_machine_is_refused() -> None:
    """With the setting to be mended."""
    with pytest.raises(Misconfigured, match=r"PORTICO_ADMIN_HOST: cannot listen at 192\.0\.2\.1"):
        async with Admin({}, host="192.0.2.1", port=0).open(alone=True):
            pass
