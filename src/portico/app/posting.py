"""Mails on their way: rendered and sent by tasks of their own, so that no request waits."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import SystemRandom

from portico.ports.mailer import Mail, Mailer, Outgoing, Undeliverable

WAITING = 1000
"""Mails that may wait; what comes beyond is lost, and logged."""
GRACE = 5.0
"""Seconds in which what waits is sent when the application ends."""
AT_ONCE = 4
"""How many are sent at the same time."""
log = logging.getLogger("portico")


@dataclass(frozen=True)
class Patience:
    """How often a mail is tried, and the longest first pause in seconds; later ones double, each by chance shorter."""

    attempts: int = 3
    pause: float = 1.0
    grace: float = GRACE


PATIENT = Patience()
NOWHERE = ".invalid"
"""Nobody's for ever (RFC 6761, section 6.4)."""


class Postman:
    """Takes mails and sends them, each tried a few times. What waits is in memory alone."""

    def __init__(self, mailer: Mailer, render: Callable[[Outgoing], Mail], patience: Patience = PATIENT) -> None:
        """Nothing is sent before `at_work`."""
        self._mailer = mailer
        self._render = render
        self._patience = patience
        self._waiting: asyncio.Queue[Outgoing] = asyncio.Queue(WAITING)

    def post(self, outgoing: Outgoing) -> None:
        """Take a mail; never waits, never fails. Nothing is sent to who has no address that mail could reach."""
        if outgoing.to.endswith(NOWHERE):
            return
        try:
            self._waiting.put_nowait(outgoing)
        except asyncio.QueueFull:
            log.warning("the mail %s is lost: %s others wait", outgoing.template, WAITING, extra=_said(outgoing))

    async def settle(self) -> None:
        """Wait until every mail that was taken is sent or given up."""
        await self._waiting.join()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Send as long as the block runs; at its end, what waits is sent within the grace."""
        tasks = [asyncio.create_task(self._work()) for _ in range(AT_ONCE)]
        try:
            yield
        finally:
            try:
                async with asyncio.timeout(self._patience.grace):
                    await self.settle()
            except TimeoutError:
                log.warning("mails were lost at the end: %s s were not enough to send them", self._patience.grace)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await self._mailer.close()

    async def _work(self) -> None:
        while True:
            outgoing = await self._waiting.get()
            try:
                await self._send(outgoing, self._render(outgoing))
            except Exception:
                log.exception("the mail %s was not sent", outgoing.template, extra=_said(outgoing))
            finally:
                self._waiting.task_done()

    async def _send(self, outgoing: Outgoing, mail: Mail) -> None:
        for attempt in range(1, self._patience.attempts + 1):
            try:
                await self._mailer.send(mail)
                return
            except Exception as problem:
                if attempt == self._patience.attempts or isinstance(problem, Undeliverable):
                    raise
                log.info("the mail %s waits: %s", outgoing.template, type(problem).__name__, extra=_said(outgoing))
            await asyncio.sleep(SystemRandom().uniform(0, self._patience.pause * 2 ** (attempt - 1)))


def _said(outgoing: Outgoing) -> dict[str, str]:
    """What the log says of a mail besides its template: nothing of its values, which may hold a secret."""
    return {"request_id": outgoing.request_id}
