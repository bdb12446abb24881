"""The embedded Valkey: a real server that belongs to whoever started it, and ends with it."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from portico import Misconfigured
from portico.adapters.valkey import Valkey
from portico.adapters.valkey import embedded as module
from portico.adapters.valkey.embedded import EmbeddedValkey
from tests.integration.valkey.waiting import eventually, listens

pytestmark = pytest.mark.anyio
HOLDER = Path(__file__).with_name("holder.py")


@asynccontextmanager
async def held() -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """Another process that holds a server, and the server's port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(HOLDER), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        yield process, int(await asyncio.wait_for(process.stdout.readline(), 20))
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where servers have their folders in this test."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


async def test_it_answers_whoever_knows_the_password(homes: Path) -> None:
    """On a port of its own; its folder, which is nobody else's to read, goes with it."""
    async with await EmbeddedValkey.start() as server:
        valkey = Valkey(server.url, prefix="a test")
        stranger = Valkey(f"valkey://:guessed@127.0.0.1:{server.port}", prefix="")
        await valkey.check()
        with pytest.raises(PermissionError):
            await stranger.check()
        await valkey.close()
        await stranger.close()
        (home,) = homes.iterdir()
        mode = (home / "valkey.conf").stat().st_mode & 0o777

    await eventually(lambda: not home.exists())
    assert mode == 0o600
    assert not listens(server.port)


async def test_two_servers_do_not_meet() -> None:
    """Each has its port, its password, its keys."""
    async with await EmbeddedValkey.start() as one, await EmbeddedValkey.start() as other:
        assert one.port != other.port
        assert one.password != other.password


async def test_the_password_is_on_no_command_line(homes: Path) -> None:
    """Where every user of the machine could read it."""
    async with await EmbeddedValkey.start() as server:
        processes = subprocess.run(["ps", "axww", "-o", "args"], check=True, capture_output=True, text=True).stdout

    assert str(homes) in processes or f"127.0.0.1:{server.port}" in processes
    assert server.password not in processes


@pytest.mark.parametrize("way", ["kill", "terminate"])
async def test_a_server_ends_with_its_holder(homes: Path, way: str) -> None:
    """Even where the holder is killed and can do nothing about it; nothing is left behind."""
    async with held() as (process, port):
        assert listens(port)

        getattr(process, way)()
        await process.wait()

        await eventually(lambda: not listens(port))
    await eventually(lambda: not list(homes.iterdir()))


async def test_a_server_may_take_another_s_place() -> None:
    """At the same port with the same password, so that its users find it again."""
    first = await EmbeddedValkey.start()
    await first.stop()
    async with await EmbeddedValkey.start(port=first.port, password=first.password) as second:
        assert second.url == first.url


async def test_a_port_that_somebody_has_is_no_place() -> None:
    """It gives up after some tries, and says what to do."""
    async with await EmbeddedValkey.start() as server:
        with pytest.raises(Misconfigured, match="set VALKEY_URL to a server of your own"):
            await EmbeddedValkey.start(port=server.port)


def test_where_it_cannot_run_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows, and where the package with the program is absent."""
    monkeypatch.setattr(module, "PACKAGE", "no_such_package")
    with pytest.raises(Misconfigured, match="install no_such_package, or set VALKEY_URL"):
        module.find_program()

    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(Misconfigured, match="needs Linux or macOS: set VALKEY_URL to a server of your own"):
        module.find_program()
