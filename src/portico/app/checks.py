"""What health looks at by itself: the database, Valkey, workers, other services, and how calls have gone."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from portico.adapters.postgres.database import PostgresDatabase
from portico.adapters.postgres.standing import standing_of
from portico.app.assembly import Assembly
from portico.app.serving import Endpoint
from portico.core.call import Services
from portico.core.checkup import Checkup
from portico.core.health import Finding, HealthCheck
from portico.core.tally import Tally
from portico.transports.health import Health
from portico.transports.routes import Router

if TYPE_CHECKING:
    from portico.adapters.valkey import Valkey

OVERDUE = 60.0
"""Seconds that a job may be due, before nobody seems to work."""
FAILING = 0.05
"""The share of failures of our own from which on answers count as degraded."""
PATH = "/api/health"
UNUSED = Finding("unused")


def lay_health(router: Router[Endpoint], checks: "Checks", version: str) -> Health:
    """Serve /api/health and what is beneath it."""
    health = checks.health(version)
    router.add("GET", PATH, health.show)
    router.add("GET", f"{PATH}/live", health.show_live)
    router.add("GET", f"{PATH}/ready", health.show_ready)
    return health


class Checks:
    """The checks of one running application."""

    def __init__(
        self, app: Assembly, services: Services, database: PostgresDatabase, *, valkey: "Valkey | None", tally: Tally
    ) -> None:
        """Nothing is looked at yet."""
        self._app, self._services, self._database = app, services, database
        self._valkey, self._tally = valkey, tally
        self._migrated = False
        self._work = Finding()

    def health(self, version: str) -> Health:
        """Health and readiness of the application; `version` is the application's own."""
        own: Sequence[HealthCheck] = self._app.checks
        clock, database = self._services.clock, HealthCheck("database", self.database, vital=True)
        others = (
            HealthCheck("valkey", self.valkey),
            HealthCheck("workers", self.workers),
            HealthCheck("external_services", self.external_services),
            HealthCheck("actions", self.actions),
        )
        vital = [check for check in own if check.vital]
        ready = (HealthCheck("database", self.database_migrated, vital=True), *vital)
        return Health(
            Checkup((database, *others, *own), version=version, clock=clock),
            Checkup(ready, version=version, clock=clock),
            self._services,
        )

    async def database(self) -> Finding:
        """Whether it answers; and how busy its connections are."""
        size, lent, waiting = self._database.pulse.occupancy()  # before other checks take their places in the line
        await self._database.pulse.reach()
        return Finding(
            "degraded" if waiting else "healthy", {"connections": size, "in_use": lent, "waited_for": waiting}
        )

    async def database_migrated(self) -> Finding:
        """Whether it answers, and lacks nothing: once that is so, it stays so."""
        await self._database.pulse.reach()
        if not self._migrated and not self._busy():  # connections that are busy have calls that find their tables
            lacking = (await standing_of(self._database, self._app.migrations)).lacking
            if lacking:
                return Finding("unhealthy", {"lacks": lacking})
            self._migrated = True
        return Finding()

    async def valkey(self) -> Finding:
        """Whether what the processes share answers."""
        if self._valkey is None:
            return UNUSED
        await self._valkey.call("PING")
        return Finding()

    async def workers(self) -> Finding:
        """Whether somebody does the jobs that are due."""
        if not any(plan.action.kind == "job" for plan in self._app.plans.values()):
            return UNUSED
        if not self._busy():  # else it is as it was: health takes no connection from a call
            found = await self._database.pulse.backlog(self._services.clock.now(), self._services.prove(b"backlog"))
            self._work = Finding("degraded" if found.overdue > OVERDUE else "healthy", found._asdict())
        return self._work

    async def external_services(self) -> Finding:
        """Whether all breakers of other services are closed."""
        states = await self._services.outbound.states()
        if not states:
            return UNUSED
        return Finding("healthy" if set(states.values()) == {"closed"} else "degraded", {"breakers": states})

    async def actions(self) -> Finding:
        """How many answers of the last five minutes were failures of our own."""
        share, answers, failures = self._tally.rate()
        detail = {"error_rate": round(share, 4), "answers": answers, "failures": failures}
        return Finding("degraded" if share >= FAILING else "healthy", detail)

    def _busy(self) -> bool:
        size, lent, _ = self._database.pulse.occupancy()
        return lent >= size
