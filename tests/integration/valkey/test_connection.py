"""The way to Valkey: bounded, quick where the server is gone, there again by itself."""

import asyncio
import logging
from collections.abc import AsyncIterator
from time import monotonic

import pytest

from portico import App, Misconfigured, Module, Public, PublicContext
from portico.adapters.postgres.servers import Urls
from portico.adapters.valkey import Script, Valkey, ValkeyDown
from portico.adapters.valkey.embedded import EmbeddedValkey
from portico.adapters.valkey.health import Health
from portico.adapters.valkey.urls import reachable, spoken
from portico.testing import Harness, open_harness

pytestmark = pytest.mark.anyio
ECHO = Script("return {KEYS[1], ARGV[1]}")
QUICK = 0.25
"""Seconds in which a call that is in vain must be back, on a busy machine."""
module = Module("things")


@module.query("GET /hello", Public("anybody may read"))
async def hello(ctx: PublicContext) -> str:
    """Say hello to nobody in particular."""
    return f"Hello, {ctx.principal.kind}."


app = App("valkey_user", modules=[module])


@pytest.fixture
async def server() -> AsyncIterator[EmbeddedValkey]:
    """A server that a test may kill."""
    async with await EmbeddedValkey.start() as running:
        yield running


@pytest.fixture
async def valkey(server: EmbeddedValkey) -> AsyncIterator[Valkey]:
    """A way to it, with few connections."""
    found = Valkey(server.url, prefix="shop", connections=3)
    yield found
    await found.close()


async def test_a_script_is_sent_once(valkey: Valkey) -> None:
    """Then its hash says which: one trip a run, whatever its length."""
    first = await valkey.run(ECHO, ["k"], ["v"])
    second = await valkey.run(ECHO, ["k"], ["w"])
    said = await valkey.client.info("commandstats")

    assert (first, second) == ([b"k", b"v"], [b"k", b"w"])
    assert (said["cmdstat_evalsha"]["calls"], said["cmdstat_eval"]["calls"]) == (2, 1)


async def test_keys_are_the_application_s_own(valkey: Valkey) -> None:
    """So that several may share a server."""
    assert valkey.key("limit", "ada") == "shop:limit:ada"


async def test_connections_are_bounded(valkey: Valkey) -> None:
    """Fifty at once share three."""
    found = await asyncio.gather(*(valkey.run(ECHO, ["k"], [n]) for n in range(50)))
    clients = await valkey.client.info("clients")

    assert [int(value) for _, value in found] == list(range(50))
    assert clients["connected_clients"] <= 3


async def test_a_server_that_is_gone_is_told_at_once(
    server: EmbeddedValkey, valkey: Valkey, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody waits for what is known to be in vain; all are told why, and one line of the log says it."""
    await valkey.check()
    await server.stop()
    began = monotonic()

    for _ in range(200):
        with pytest.raises(ValkeyDown, match=r"Connect|connect|closed"):
            await valkey.call("PING")

    assert monotonic() - began < QUICK
    assert len(caplog.records) == 1
    assert f"Valkey at 127.0.0.1:{server.port} does not answer" in caplog.text
    assert server.password not in caplog.text


async def test_a_server_that_came_back_is_found_by_itself(
    server: EmbeddedValkey, valkey: Valkey, caplog: pytest.LogCaptureFixture
) -> None:
    """Within two seconds, scripts and all, without a failed call once the log has said so."""
    await valkey.run(ECHO, ["k"], ["v"])
    await server.stop()
    with pytest.raises(ValkeyDown):
        await valkey.call("PING")

    async with await EmbeddedValkey.start(port=server.port, password=server.password):
        async with asyncio.timeout(10):
            while "answers again" not in caplog.text:
                await asyncio.sleep(0.02)
                await silently(valkey)
        assert await asyncio.gather(*(valkey.run(ECHO, ["k"], ["v"]) for _ in range(20))) == [[b"k", b"v"]] * 20


async def silently(valkey: Valkey) -> None:
    """Ask, whatever comes of it."""
    try:
        await valkey.run(ECHO, ["k"], ["v"])
    except ValkeyDown:
        return


async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Listen until the caller leaves."""
    await reader.read()
    writer.close()
    await writer.wait_closed()


async def test_a_server_that_hangs_is_as_good_as_gone() -> None:
    """A question has its time, and no more; the next ones are told at once."""
    hanging = await asyncio.start_server(never_answer, "127.0.0.1", 0)
    port = hanging.sockets[0].getsockname()[1]
    valkey = Valkey(f"valkey://127.0.0.1:{port}", prefix="", timeout=0.1)
    began = monotonic()

    for _ in range(20):
        with pytest.raises(ValkeyDown):
            await valkey.call("PING")
    took = monotonic() - began
    await valkey.close()
    hanging.close()
    await hanging.wait_closed()

    assert 0.1 <= took < 0.1 + QUICK


async def test_a_mistake_is_no_outage(valkey: Valkey, caplog: pytest.LogCaptureFixture) -> None:
    """A command that the server refuses says so, and the next one is asked."""
    with pytest.raises(Exception, match="unknown command"):
        await valkey.call("NONSENSE")

    await valkey.check()
    assert not caplog.records


def test_one_caller_a_second_asks_for_all_others() -> None:
    """While it is gone; a minute of it is one line."""
    now = [100.0]
    health = Health("there", lambda: now[0])
    assert not health.hopeless()

    health.failed(OSError("gone"))
    waiting = [health.hopeless() for _ in range(3)]
    now[0] += 1.0
    probing = [health.hopeless() for _ in range(3)]

    assert waiting == [True] * 3
    assert probing == [False, True, True]


@pytest.mark.parametrize(
    ("url", "driver_s", "shown"),
    [
        ("valkey://:s3cret@cache.example:6380/1", "redis://:s3cret@cache.example:6380/1", "cache.example:6380"),
        ("valkeys://u:s3cret@cache.example", "rediss://u:s3cret@cache.example", "cache.example:6379"),
        ("redis://127.0.0.1", "redis://127.0.0.1", "127.0.0.1:6379"),
        ("unix:///run/valkey.sock", "unix:///run/valkey.sock", "/run/valkey.sock"),
    ],
)
def test_an_address_is_written_as_people_write_it(url: str, driver_s: str, shown: str) -> None:
    """Under its own name or the older one; what is shown of it holds no secret."""
    assert spoken(url) == driver_s
    assert reachable(url) == shown


# -- an application that uses it ---------------------------------------------------------------------------------------
async def test_an_application_opens_and_closes_its_way(
    portico: Harness, portico_valkey: str, portico_valkey_server: EmbeddedValkey
) -> None:
    """It is at hand while the application runs; no connection outlives it."""
    other = Valkey(portico_valkey_server.url, prefix="")
    before = (await other.client.info("clients"))["connected_clients"]
    async with open_harness(app, portico.urls, valkey_url=portico_valkey) as harness:
        valkey = harness.app.running.valkey
        assert valkey is not None
        assert valkey.key("x") == "valkey_user:x"
        await valkey.check()

    after = (await other.client.info("clients"))["connected_clients"]
    await other.close()
    assert after == before


async def test_an_application_starts_without_a_valkey_that_is_gone(
    portico: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    """A restart of one must not wait for the other; the log has one line about it."""
    async with open_harness(app, portico.urls, valkey_url="valkey://127.0.0.1:1") as harness:
        reply = await harness.client().get("/api/v1/hello")

    assert reply.status == 200
    assert [r.levelno for r in caplog.records if "Valkey" in r.message] == [logging.WARNING]


async def test_an_application_without_one_has_none(portico: Harness) -> None:
    """Nothing is loaded, nothing is asked."""
    assert portico.app.running.valkey is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://cache", "VALKEY_URL is no address: write valkey://user:password@host:6379/0"),
        ("valkey://", "VALKEY_URL is no address: write valkey://"),
        ("valkey://host:port", "VALKEY_URL is no address"),
    ],
)
async def test_an_address_that_is_none_is_refused(portico_urls: Urls, url: str, said: str) -> None:
    """At the start, with the name of the setting."""
    with pytest.raises(Misconfigured, match=said):
        async with open_harness(app, portico_urls, valkey_url=url):
            pass


async def test_a_wrong_password_is_refused(portico_urls: Urls, portico_valkey_server: EmbeddedValkey) -> None:
    """It would not become right by waiting."""
    wrong = f"valkey://:wrong@127.0.0.1:{portico_valkey_server.port}"
    with pytest.raises(Misconfigured, match="VALKEY_URL: the server does not let us in"):
        async with open_harness(app, portico_urls, valkey_url=wrong):
            pass


@pytest.fixture
def portico_urls(portico: Harness) -> Urls:
    """A migrated database."""
    return portico.urls
