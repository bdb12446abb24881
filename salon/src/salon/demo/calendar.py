"""A calendar to try the diary with: `python -m salon.demo.calendar` answers for every business with the week ahead.

It says on which address; start the Salon with SALON_CALENDAR_URL set to that.
"""

import asyncio
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

TITLES = ("Training day", "Delivery of supplies", "Window cleaning")


class Calendar:
    """Answers GET over HTTP, each business with what it is given, or with a status that is no success."""

    def __init__(self, entries: list[dict[str, str]]) -> None:
        """Well, and not asked yet."""
        self.entries = entries
        self.statuses: list[int] = []
        self.asked: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            self.asked.append((await reader.readuntil(b"\r\n\r\n")).split()[1].decode())
            status = self.statuses.pop(0) if self.statuses else 200
            body = json.dumps(self.entries).encode()
            head = f"HTTP/1.1 {status} X\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
        writer.close()


def week_from(day: datetime) -> list[dict[str, str]]:
    """Something on each of a few days."""
    times = [day + timedelta(days=2 * n) for n in range(len(TITLES))]
    return [
        {"id": f"{at:%Y%m%d}", "title": title, "starts_at": at.isoformat(), "ends_at": (at + LENGTH).isoformat()}
        for at, title in zip(times, TITLES, strict=True)
    ]


LENGTH = timedelta(hours=2)


async def _main() -> None:
    morning = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=1)
    server = await asyncio.start_server(Calendar(week_from(morning)).serve, "127.0.0.1", 0)
    print(f"SALON_CALENDAR_URL=http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)  # noqa: T201  # a program's word
    await server.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(_main())
