"""`python -m benchmarks.figures [topic …]`: the figures of single parts, merged into the results."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from pathlib import Path

from benchmarks.figures import Ground, measure, topics
from benchmarks.run import FOLDER, say
from portico.adapters.postgres.embedded import Embedded


async def main(names: list[str]) -> int:
    """Measure the topics named, or all; gives the exit code."""
    if strange := set(names) - set(topics()):
        say(f"There is no {', '.join(sorted(strange))}; there are {', '.join(topics()) or 'none'}.")
        return 2
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with tempfile.TemporaryDirectory() as folder:
        async with await Embedded.start(FOLDER, port=0) as cluster:
            kept = await measure(names or [*topics()], Ground(cluster, Path(folder), say))
    return 0 if kept else 1


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main(sys.argv[1:])))
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit("Interrupted; every server that was started is stopped.")
