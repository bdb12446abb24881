"""Other processes that hold a server, and questions to it."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from portico.adapters.postgres.embedded import Embedded

HOLDER = Path(__file__).with_name("holder.py")
PATIENCE = 20.0


@dataclass
class Holder:
    """Another process that holds the server."""

    process: asyncio.subprocess.Process

    async def leave(self) -> None:
        """Let it stop as it should."""
        await asyncio.wait_for(self.process.communicate(b"\n"), PATIENCE)

    async def die(self) -> None:
        """Kill it where it stands."""
        self.process.kill()
        await asyncio.wait_for(self.process.communicate(), PATIENCE)


@contextlib.asynccontextmanager
async def holder(folder: Path) -> AsyncIterator[Holder]:
    """A process that has started the server and waits."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, HOLDER, folder, stdin=pipe, stdout=pipe)
    made = Holder(process)
    try:
        said = await asyncio.wait_for(process.stdout.readline(), PATIENCE) if process.stdout else b""
        assert said == b"started\n"
        yield made
    finally:
        if process.returncode is None:
            await made.leave()


async def ask(url: str, query: str, *arguments: object) -> object:
    """One value from a connection of its own."""
    connection = await asyncpg.connect(url, timeout=PATIENCE)
    try:
        return await connection.fetchval(query, *arguments)
    finally:
        await connection.close()


async def postmaster(running: Embedded) -> int:
    """The number of the server's first process, which changes with every start."""
    path = await ask(running.admin_url("postgres"), "select current_setting('data_directory')")
    return int((Path(str(path)) / "postmaster.pid").read_text().splitlines()[0])


async def answers(running: Embedded) -> bool:
    """Whether the server accepts a connection."""
    try:
        return await ask(running.admin_url("postgres"), "select 1") == 1
    except (OSError, asyncpg.PostgresError):
        return False


async def copied(folder: Path, target: Path) -> Path:
    """A stopped copy of a folder's cluster, which is made faster than a new one."""
    if not (folder / "postgres" / "data").exists():
        await (await Embedded.start(folder)).stop()
    target.mkdir()
    subprocess.run(["cp", "-a", folder / "postgres", target], check=True)
    return target
