"""How an application is: what its checks have found."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from portico.core.fitting import Declaration
from portico.errors import Misconfigured

Status: TypeAlias = Literal["healthy", "degraded", "unhealthy", "unused"]
"""`degraded`: it serves, but not all of it; `unused`: there is nothing to be looked at."""
NOTHING: Mapping[str, object] = MappingProxyType({})
SECONDS = 5.0
BUILT_IN = frozenset({"database", "valkey", "workers", "external_services", "actions"})
WORST: tuple[Status, ...] = ("unhealthy", "degraded", "healthy")


class Finding(NamedTuple):
    """What one check has found; `detail` is for the people who run the installation, never for callers."""

    status: Status = "healthy"
    detail: Mapping[str, object] = NOTHING


Probe: TypeAlias = Callable[[], Awaitable[Finding | None]]


class HealthCheck(Declaration):
    """A check of the application's own, beside those of its database, Valkey, workers and other services.

    `probe` is an async function that returns None where all is well, a `Finding`, or raises. It has `timeout` seconds.
    Where it fails, the application is degraded; unhealthy where the check is `vital`, which takes it out of service.
    """

    name: str
    """One word, in lower case: how the check is called in the answer."""
    probe: Probe
    vital: bool = False
    timeout: float = SECONDS

    def __post_init__(self) -> None:
        """Raise Misconfigured where name or time make no sense."""
        if not self.name.isidentifier() or self.name != self.name.lower() or self.timeout <= 0:
            raise Misconfigured(
                f"HealthCheck({self.name!r}, timeout={self.timeout:g}): write a lower-case word, and seconds above 0."
            )


class Checked(NamedTuple):
    """One check with its outcome."""

    name: str
    finding: Finding
    ms: float
    """How long it took."""


class Report(NamedTuple):
    """All checks of one moment."""

    status: Status
    version: str
    at: datetime
    checks: tuple[Checked, ...]


def distinct(checks: Sequence[HealthCheck]) -> tuple[HealthCheck, ...]:
    """The checks; raises Misconfigured where two have one name, or one has a name of the built-in ones."""
    names = [check.name for check in checks]
    for name in names:
        if name in BUILT_IN or names.count(name) > 1:
            raise Misconfigured(f"HealthCheck({name!r}): there is a check of that name already; choose another one.")
    return tuple(checks)


def worst(checks: tuple[Checked, ...]) -> Status:
    """The whole is as well as its worst part."""
    found = {checked.finding.status for checked in checks}
    return next((status for status in WORST if status in found), "healthy")
