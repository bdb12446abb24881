"""Who looks at the calls of an application, as the settings say; often nobody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portico.app.settings import Settings
from portico.core.call import Services
from portico.core.observing import Eyes, Observed, Observer, Span
from portico.core.pipeline import Pipeline
from portico.core.plan import Plan
from portico.ports.statements import Eye


@dataclass(frozen=True, slots=True)
class Lookout:
    """What looks at the calls of one application."""

    eyes: Eyes
    span: Span | None = None

    @property
    def eye(self) -> Eye | None:
        """What connections show their trips to; None where nobody wants to see them."""
        return self.eyes.saw if self.eyes.trips else None

    def pipeline(self, services: Services, plans: Mapping[str, Plan]) -> Pipeline:
        """The pipeline, plain where nobody looks."""
        if not self.eyes:
            return Pipeline(services, plans)
        return Observed(services, plans, self.eyes, span=self.span)


def lookout(settings: Settings) -> Lookout:
    """Whoever the settings name."""
    return Lookout(Eyes(list(_of_the_log(settings))))


def _of_the_log(settings: Settings) -> Iterator[Observer]:
    from portico.app.slow import Repeats, SlowActions, SlowStatements

    if settings.portico_slow_statement is not None:
        yield SlowStatements(settings.portico_slow_statement)
    if settings.portico_slow_action is not None:
        yield SlowActions(settings.portico_slow_action)
    if settings.portico_repeated_statements:
        yield Repeats(settings.portico_repeated_statements)
