"""Who looks at the calls of an application, as the settings say; often nobody."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from portico.app.assembly import Assembly
from portico.app.reports import reported
from portico.app.sending import Sending, sending
from portico.app.serving import Measure
from portico.app.settings import Settings
from portico.app.traces import traced
from portico.core.call import Services
from portico.core.flights import Flights
from portico.core.observing import Eyes, Observed, Observer, Span
from portico.core.pipeline import Pipeline
from portico.core.plan import Plan
from portico.ports.metrics import Counting
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
    """Counts for the page of metrics."""
    sending: "Sending | None" = None

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
        """The services, whose cache is counted where somebody counts."""
        meters: list[Counting] = [meter for meter in (self.meter, self.sending and self.sending.meter) if meter]
        if not meters:
            return services
        from portico.core.counting import CountedCache

        cache = services.cache
        for meter in meters:
            cache = CountedCache(cache, meter)
        return replace(services, cache=cache, flights=Flights(cache))

    @asynccontextmanager
    async def shown(self, settings: Settings, database: "PostgresDatabase", services: Services) -> AsyncIterator[None]:
        """What is so at the moment: on the page at the admin port, and sent, as long as the block runs."""
        async with AsyncExitStack() as stack:
            if self.meter is not None:
                from portico.app.gauges import Gauges
                from portico.app.metrics import Board

                board = Board(self.meter, Gauges(self.meter, database, services))
                await stack.enter_async_context(board.shown(settings))
            if self.sending is not None:
                from portico.app.gauges import Gauges

                gauges = Gauges(self.sending.meter, database, services)
                await stack.enter_async_context(self.sending.looking(gauges, settings.portico_release))
            yield

    @property
    def measure(self) -> "Measure | None":
        """What measures answers to HTTP requests; None where nobody does."""
        return None if self.sending is None else self.sending.requests


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
        if (sent := stack.enter_context(sending(app.name, settings))) is not None:
            observers.append(sent.calls)
        stack.enter_context(reported(settings))
        yield Lookout(Eyes(observers), None if tracing is None else tracing.span, meter, sent)


def _of_the_log(settings: Settings) -> Iterator[Observer]:
    from portico.app.slow import Repeats, SlowActions, SlowStatements

    if settings.portico_slow_statement is not None:
        yield SlowStatements(settings.portico_slow_statement)
    if settings.portico_slow_action is not None:
        yield SlowActions(settings.portico_slow_action)
    if settings.portico_repeated_statements:
        yield Repeats(settings.portico_repeated_statements)
