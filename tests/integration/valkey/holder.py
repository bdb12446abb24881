"""A process that holds a Valkey until a line comes in: run by the tests beside this file."""

import asyncio
import sys

from portico.adapters.valkey.embedded import EmbeddedValkey


async def hold() -> None:
    """Start, say where, wait for a line, stop."""
    async with await EmbeddedValkey.start() as server:
        print(server.port, flush=True)
        await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(hold())
