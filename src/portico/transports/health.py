"""Health over HTTP: /api/health, /api/health/live, /api/health/ready. Nothing here is limited, nor signed in for."""

import asyncio
from dataclasses import dataclass, field

from pydantic_core import to_json

from portico.core.call import Services
from portico.core.checkup import Checkup
from portico.core.health import Checked, Report, Status
from portico.ports.counters import Rule
from portico.ports.database import Entry
from portico.transports.answers import ALWAYS, JSON, send_answer
from portico.transports.line import Headers
from portico.transports.wire import Exchange

STANDARD = "application/health+json"
"""draft-inadarei-api-health-check, in which many tools of operators read."""
PASSES: dict[Status, str] = {"healthy": "pass", "unused": "pass", "degraded": "warn", "unhealthy": "fail"}
KINDS = {"database": "datastore", "valkey": "datastore"}
OPERATORS = ["health\x1foperators"], (Rule(60, 60.0),)
"""So often in a minute is somebody who brings a credential looked up; then everybody is anybody."""
PATIENCE = 2.0
LIVE = b'{"status":"alive"}'
READY = {True: (200, b'{"status":"ready"}'), False: (503, b'{"status":"not ready"}')}


@dataclass(slots=True)
class Health:
    """How a running application is, and whether it may be given requests."""

    overall: Checkup
    readiness: Checkup
    services: Services
    stopping: bool = field(default=False)
    """Whether it was told to stop: it is alive, and no longer ready."""

    async def show(self, exchange: Exchange) -> int:
        """Answer /api/health; 503 where it is unhealthy. An operator is told what the checks have found."""
        report = await self.overall.report()
        full = await self._is_operator(exchange)
        standard = STANDARD in exchange.wire.headers.get("accept", "")
        body = to_json(as_standard(report) if standard else as_told(report, full=full))
        status = 503 if report.status == "unhealthy" else 200
        return await _send(exchange, status, body, media_type=STANDARD if standard else JSON)

    async def show_live(self, exchange: Exchange) -> int:
        """Answer /api/health/live: this process answers, and that is all."""
        return await _send(exchange, 200, LIVE)

    async def show_ready(self, exchange: Exchange) -> int:
        """Answer /api/health/ready: 503 while it is being stopped, or its database is gone or lacks migrations."""
        ready = not self.stopping and (await self.readiness.report()).status != "unhealthy"
        return await _send(exchange, *READY[ready])

    async def close(self) -> None:
        """Leave off what is being checked."""
        self.stopping = True
        await self.overall.close()
        await self.readiness.close()

    async def _is_operator(self, exchange: Exchange) -> bool:
        """Whether a person who runs the installation asks; where that cannot be found out, nobody is one."""
        credential, services = exchange.wire.credential(), self.services
        if credential is None or not services.local.take(*OPERATORS).allowed:
            return False
        try:
            async with asyncio.timeout(PATIENCE):
                facts = await services.database.gate(Entry(credential, operator=True))
        except Exception as problem:
            if not isinstance(problem, TimeoutError) and services.database.explain(problem) is None:
                raise
            return False
        return facts.operator is True and facts.key_id is None


def as_told(report: Report, *, full: bool) -> dict[str, object]:
    """What anybody may know; with `full`, what an operator may."""
    return {
        "status": report.status,
        "version": report.version,
        "checked_at": report.at,
        "checks": {checked.name: _told(checked, full=full) for checked in report.checks},
    }


def _told(checked: Checked, *, full: bool) -> dict[str, object]:
    told: dict[str, object] = {"status": checked.finding.status, "latency_ms": checked.ms}
    return {**told, **checked.finding.detail} if full else told


def as_standard(report: Report) -> dict[str, object]:
    """The same in the words of the draft."""
    return {
        "status": PASSES[report.status],
        "version": report.version,
        "checks": {
            f"{checked.name}:responseTime": [
                {
                    "componentType": KINDS.get(checked.name, "component"),
                    "observedValue": checked.ms,
                    "observedUnit": "ms",
                    "status": PASSES[checked.finding.status],
                    "time": report.at,
                }
            ]
            for checked in report.checks
            if checked.finding.status != "unused"
        },
    }


async def _send(exchange: Exchange, status: int, body: bytes, *, media_type: str = JSON) -> int:
    headers: Headers = [*ALWAYS, ("content-type", media_type), ("x-request-id", exchange.request.id)]
    await send_answer(exchange.wire, status, headers, body=body)
    return status
