"""A bank over real HTTP: it books each idempotency key once, and remembers who called."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Bank:
    """What the bank has booked, and how it is to behave."""

    url: str = ""
    booked: dict[str, dict[str, object]] = field(default_factory=dict)
    """The bookings by idempotency key."""
    calls: Counter[str] = field(default_factory=Counter)
    """How often each key was sent."""
    answers: list[int] = field(default_factory=list)
    """Statuses of the next answers, 0 for none at all; then it books."""
    open: asyncio.Event = field(default_factory=asyncio.Event)
    """Cleared: nobody is answered."""
    called: asyncio.Event = field(default_factory=asyncio.Event)
    headers: dict[str, str] = field(default_factory=dict)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.calls[headers["idempotency-key"]] += 1
            self.called.set()
            await self.open.wait()
            status = self.answers.pop(0) if self.answers else 200
            if not status:
                await reader.read()  # until the caller has hung up
            answer = self.book(headers["idempotency-key"], json.loads(body)) if status == 200 else {}
            sent = json.dumps(answer).encode()
            more = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
            writer.write(
                f"HTTP/1.1 {status} X\r\n{more}content-length: {len(sent)}\r\nconnection: close\r\n\r\n".encode() + sent
            )
            await writer.drain()
        writer.close()

    async def counts(self, calls: int) -> None:
        """Wait until so many calls have come in."""
        while self.calls.total() < calls:
            self.called.clear()
            await self.called.wait()

    def book(self, key: str, charge: dict[str, object]) -> dict[str, object]:
        """Book it, or tell again what was booked under the key."""
        return self.booked.setdefault(key, {"id": f"ch_{len(self.booked) + 1}", **charge})


@asynccontextmanager
async def open_bank() -> AsyncIterator[Bank]:
    """A bank that listens."""
    bank = Bank()
    bank.open.set()
    server = await asyncio.start_server(bank.serve, "127.0.0.1", 0)
    bank.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield bank
    finally:
        bank.open.set()
        server.close()
