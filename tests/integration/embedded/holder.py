"""A process that holds a server until a line comes in: run by the tests beside this file."""

import asyncio
import sys
from pathlib import Path

from portico.adapters.postgres.embedded import Embedded


async def hold(folder: Path) -> None:
    """Start, say so, wait for a line, stop, say so."""
    async with await Embedded.start(folder):
        print("started", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
    print("stopped", flush=True)


if __name__ == "__main__":
    asyncio.run(hold(Path(sys.argv[1])))
