"""The load: wrk with load.lua where there is a wrk, else the same requests from a small generator of our own."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Literal, cast

from benchmarks.world import FUTURE, WORLD

Kind = Literal["mutation", "list", "empty", "get"]

CONNECTIONS = 32
SCRIPT = Path(__file__).with_suffix(".lua")
SMALL = b'{"name":"a small body","count":7}'
HEAD = b"Host: 127.0.0.1\r\nAccept: application/json\r\n"


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of a server: `first` numbers the first request, so that no two runs book the same slot."""

    kind: Kind
    path: str
    port: int
    seconds: float
    people: Path
    first: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What the load saw."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    errors: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def write_people(path: Path, pages: dict[str, list[str]]) -> None:
    """Writes one line a member: who, what is booked, which page of the organization's list is read."""
    lines = []
    for n, m in enumerate(WORLD.members):
        own = pages[str(m.org_id)]
        fields = (m.token, m.org_id, m.customer_id, m.service_id, m.staff_id, own[n // 10 % len(own)])
        lines.append("\t".join(str(value) for value in fields))
    path.write_text("\n".join(lines) + "\n")


def tool() -> str:
    """Which generator runs."""
    return "wrk" if shutil.which("wrk") else "asyncio"


async def run(load: Load) -> Figures:
    """Loads the server in a process of its own and gives what it saw."""
    order = [load.kind, load.path, str(load.first), str(load.people)]
    url = f"http://127.0.0.1:{load.port}{load.path}"
    if tool() == "wrk":
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(load.seconds))}s", "--timeout", "10s"]
        command += ["-s", str(SCRIPT), url, "--", *order]
    else:
        command = [sys.executable, "-m", "benchmarks.load", str(load.port), str(load.seconds), *order]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), load.seconds + 60)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    for line in out.decode().splitlines():
        if line.startswith("RESULT "):
            return Figures(**json.loads(line.removeprefix("RESULT ")))
    raise SystemExit(f"The load generator gave no result for {url}: {err.decode()[-500:] or out.decode()[-500:]}")


def requests(kind: str, path: str, first: int, people: Path) -> Callable[[], bytes]:
    """The nth request of a kind as bytes, the same as load.lua makes."""
    lines = [line.split("\t") for line in people.read_text().splitlines()]
    n = first

    def mutation() -> bytes:
        nonlocal n
        token, org, customer, service, staff, _ = lines[n % len(lines)]
        moment = FUTURE + timedelta(minutes=30 * (n // len(lines)))
        n += 1
        body = (
            f'{{"customer_id":"{customer}","service_id":"{service}","staff_id":"{staff}",'
            f'"scheduled_at":"{moment:%Y-%m-%dT%H:%M:00Z}","notes":"Prefers the window seat."}}'
        ).encode()
        who = f"Authorization: Bearer {token}\r\nX-Org-Id: {org}\r\nIdempotency-Key: bench-{n}\r\n".encode()
        return _post(path, who, body)

    def page() -> bytes:
        nonlocal n
        token, org, *_, own = lines[n % len(lines)]
        n += 1
        who = f"Authorization: Bearer {token}\r\nX-Org-Id: {org}\r\n\r\n".encode()
        return b"GET " + own.encode() + b" HTTP/1.1\r\n" + HEAD + who

    def empty() -> bytes:
        return _post(path, b"", SMALL)

    def get() -> bytes:
        return b"GET " + path.encode() + b" HTTP/1.1\r\n" + HEAD + b"\r\n"

    return {"mutation": mutation, "list": page, "empty": empty, "get": get}[kind]


def _post(path: str, who: bytes, body: bytes) -> bytes:
    start = b"POST " + path.encode() + b" HTTP/1.1\r\n" + HEAD + who
    return start + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


@dataclass(slots=True)
class _Count:
    deadline: float
    times: list[float] = field(default_factory=list)
    errors: int = 0


class _Client(asyncio.Protocol):
    """One connection: a request, its whole answer, the next request."""

    def __init__(self, following: Callable[[], bytes], count: _Count) -> None:
        self._following, self._count = following, count
        self._seen = b""
        self._began = 0.0
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's classes.
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.finished.done():
            self._count.errors += 1
            self.finished.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._seen += data
        if _whole(self._seen):
            self._count.times.append(perf_counter() - self._began)
            self._count.errors += self._seen[9:10] != b"2"
            self._seen = b""
            self._send()

    def _send(self) -> None:
        self._began = perf_counter()
        if self._began > self._count.deadline:
            self.finished.set_result(None)
            self._transport.close()
        else:
            self._transport.write(self._following())


def _whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return False
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line[15:])
    return body.endswith(b"0\r\n\r\n")


async def main(port: int, seconds: float, following: Callable[[], bytes]) -> None:
    """Loads the port and prints what a run of wrk would."""
    began = perf_counter()
    count = _Count(deadline=began + seconds)
    loop = asyncio.get_running_loop()
    clients = [
        (await loop.create_connection(lambda: _Client(following, count), "127.0.0.1", port))[1]
        for _ in range(CONNECTIONS)
    ]
    await asyncio.wait_for(asyncio.gather(*(client.finished for client in clients)), seconds + 30)
    took = perf_counter() - began
    times = sorted(count.times) or [0.0]
    p50, p99 = (1000 * times[int(len(times) * share)] for share in (0.5, 0.99))
    figures = {"requests": len(count.times), "seconds": took, "p50_ms": p50, "p99_ms": p99, "errors": count.errors}
    print("RESULT " + json.dumps(figures))


if __name__ == "__main__":
    import uvloop

    own_port, own_seconds, own_kind, own_path, own_first, own_people = sys.argv[1:]
    maker = requests(own_kind, own_path, int(own_first), Path(own_people))
    uvloop.run(main(int(own_port), float(own_seconds), maker))
