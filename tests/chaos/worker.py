"""Workers as real processes, to be killed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from portico.adapters.postgres.servers import Urls
from portico.testing.harness import settings_for

PATIENCE = 30.0


class Worker:
    """`portico worker`, in a process group of its own."""

    def __init__(self, app: str, urls: Urls, log: Path, *, more: Mapping[str, str]) -> None:
        """Nothing is started yet."""
        secret = settings_for(urls).secret_key
        self._app, self._log = app, log
        self._environment = {
            **os.environ,
            "DATABASE_URL": urls.app,
            "DATABASE_WORKER_URL": urls.worker,
            "SECRET_KEY": secret.get_secret_value() if secret else "",
            "PORTICO_WORKER_LEASE": "1",
            "PORTICO_JOB_PAUSE": "0.1",
            **more,
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start; nobody waits until it works."""
        command = (sys.executable, "-m", "portico.cli", "worker", self._app)
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    async def end(self, how: signal.Signals = signal.SIGKILL) -> int:
        """End all of it; its exit code."""
        if self._process is None:
            return 0
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, how)
        return await asyncio.wait_for(self._process.wait(), PATIENCE)


@asynccontextmanager
async def working(
    app: str, urls: Urls, log: Path, *, count: int = 2, more: Mapping[str, str] = {}
) -> AsyncIterator[list[Worker]]:
    """Several workers, killed in the end; `more` are settings of theirs."""
    workers = [Worker(app, urls, log, more=more) for _ in range(count)]
    try:
        for worker in workers:
            await worker.start()
        yield workers
    finally:
        for worker in workers:
            await worker.end()
