"""The Salon as a real server process, to be killed."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import ClassVar

from portico.adapters.postgres.servers import Urls
from portico.testing.harness import settings_for

PATIENCE = 30.0
SETTINGS = {
    "PORTICO_RATE_LIMIT_FACTOR": "1000000",
    "PORTICO_ACCESS_LOG": "false",
    "PORTICO_PASSWORD_HASHING": "cheapest",
    "DATABASE_CONNECTIONS": "8",
    "PORTICO_MAIL": "mailbox",
    "PORTICO_URL": "http://127.0.0.1",
}


class Server:
    """Granian with one worker, in a process group of its own."""

    target: ClassVar[str] = "salon.app:app"

    def __init__(self, urls: Urls, log: Path, **settings: str) -> None:
        """Nothing is started yet."""
        secret = settings_for(urls).secret_key
        self._environment = {**os.environ, **SETTINGS, **settings, "DATABASE_URL": urls.app}
        self._environment["SECRET_KEY"] = secret.get_secret_value() if secret else ""
        self._log = log
        self._port = free_port()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Where it answers, the same after every start."""
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Start, and wait until it takes connections."""
        where = ("--host", "127.0.0.1", "--port", str(self._port))
        options = ("--interface", "rsgi", "--http", "1", *where, "--log-level", "warning", self.target)
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "granian", *options),
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = monotonic() + PATIENCE
        while not await self._listens():
            await asyncio.sleep(0.02)
            if monotonic() > deadline:
                raise TimeoutError(self._tail())

    async def kill(self) -> None:
        """SIGKILL for all of it, in the middle of whatever it does."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await asyncio.wait_for(self._process.wait(), PATIENCE)
            deadline = monotonic() + PATIENCE
            while await self._accepts():  # its worker, which dies beside it: not to be taken for the next one
                await asyncio.sleep(0.02)
                if monotonic() > deadline:
                    raise TimeoutError(self._tail())

    async def _listens(self) -> bool:
        if self._process is None or self._process.returncode is not None:
            raise RuntimeError(self._tail())
        return await self._accepts()

    async def _accepts(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            return False
        writer.close()
        return True

    def _tail(self) -> str:
        return f"the server did not start; {self._log} says why:\n{self._log.read_text()[-2_000:]}"


@asynccontextmanager
async def running(urls: Urls, log: Path, **settings: str) -> AsyncIterator[Server]:
    """A running server, killed in the end; `settings` as in its environment."""
    server = Server(urls, log, **settings)
    try:
        await server.start()
        yield server
    finally:
        await server.kill()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
