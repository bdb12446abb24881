"""Who looks at the calls of an application, as the settings say; often nobody."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portico.app.assembly import Assembly
from portico.app.reports import reported
from portico.app.settings import Settings
from portico.app.traces import traced
from portico.core.call import Services
from portico.core.observing import Eyes, Observed, Observer, Span
from portico.core.pipeline import Pipeline
from portico.core.plan import Plan
from portico.ports.statements import Eye

if TYPE_CHECKING:
    from portico.adapters.postgres.database import PostgresDatabase
    from portico.adapters.prometheus.meter import Meter


@dataclass(frozen=True, slots=True)
class Lookout:
    """What looks at one application."""

    eyes: Eyes
    span: "Span | None" = None
    meter: "Meter | None" = None

    @property
    def eye(self) -> Eye | None:
        """What connections show their trips to; None where nobody wants to see them."""
        return self.eyes.saw if self.eyes.trips else None

    def pipeline(self, services: Services, plans: Mapping[str, Plan]) -> Pipeline:
        """The pipeline, plain where nobody looks."""
        if not self.eyes:
            return Pipeline(services, plans)
        return Observed(services, plans, self.eyes, span=self.span)

    def counted(self, services: Services) -> Services:
        """The services, counted where somebody counts."""
        if self.meter is None:
            return services
        from portico.app.metrics import counting

        return counting(services, self.meter)

    def shown(
        self, settings: Settings, database: "PostgresDatabase", services: Services
    ) -> AbstractAsyncContextManager[None]:
        """The page of metrics at the admin port, where there is one, as long as the block runs."""
        if self.meter is None:
            return nullcontext()
        from portico.app.metrics import Board

        return Board(self.meter, database, services).shown(settings)


@asynccontextmanager
async def open_lookout(app: Assembly, settings: Settings) -> AsyncIterator[Lookout]:
    """Whoever the settings name, as long as the block runs; what nobody asked for is not even loaded."""
    observers, meter = list(_of_the_log(settings)), None
    async with AsyncExitStack() as stack:
        if settings.portico_admin_port is not None:
            from portico.app.metrics import counted

            meter, counter = await stack.enter_async_context(counted(app.all_plans, settings))
            observers.append(counter)
        if (tracing := stack.enter_context(traced(app.name, settings))) is not None:
            observers.append(tracing)
        stack.enter_context(reported(settings))
        yield Lookout(Eyes(observers), None if tracing is None else tracing.span, meter)


def _of_the_log(settings: Settings) -> Iterator[Observer]:
    from portico.app.slow import Repeats, SlowActions, SlowStatements

    if settings.portico_slow_statement is not None:
        yield SlowStatements(settings.portico_slow_statement)
    if settings.portico_slow_action is not None:
        yield SlowActions(settings.portico_slow_action)
    if settings.portico_repeated_statements:
        yield Repeats(settings.portico_repeated_statements)
