"""What makes an action a job: how often it is tried, when, under which key; and one enqueuing of it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias, TypedDict
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portico.core.event import Event
from portico.core.template import Template
from portico.core.value import Value
from portico.errors import Misconfigured

Priority: TypeAlias = Literal["high", "normal", "low"]
RANKS: dict[Priority, int] = {"high": 1, "normal": 2, "low": 3}
MINUTE = timedelta(minutes=1)
MOST_ATTEMPTS = 100
FIELDS = 5


class JobOptions(TypedDict, total=False):
    """How a job is run; all may be left out."""

    attempts: int
    """How often it is tried, 5 unless told otherwise; 100 at most."""
    cron: str
    """When it is due by itself: five fields, such as `0 3 * * *`."""
    zone: str
    """The IANA time zone that the schedule is meant in, UTC unless told otherwise."""
    key: str
    """A template over its input, such as `sync:{calendar_id}`: of several that wait under one key, one is run."""
    priority: Priority
    """Which of the jobs that are due goes first, `normal` unless told otherwise."""
    timeout: timedelta
    """How long an attempt may take, a minute unless told otherwise."""
    sealed: bool
    """Whether its input is kept sealed, as what holds a secret must be."""


class Task(Value):
    """The options of a job, checked. Raises Misconfigured where one of them makes no sense."""

    attempts: int = 5
    cron: str = ""
    zone: str = "UTC"
    key: str = ""
    priority: Priority = "normal"
    timeout: timedelta = MINUTE
    sealed: bool = False
    listens: type[Event] | None = None
    """The event that it handles, if it is a handler."""
    reads: Callable[[Mapping[str, object]], object] | None = None
    """Takes its input out of the body of an incoming webhook, if it handles one's events."""

    def __post_init__(self) -> None:
        """Refuse what could never run."""
        if not _is_count(self.attempts):
            raise Misconfigured(f"attempts={self.attempts!r}: write a whole number from 1 to {MOST_ATTEMPTS}")
        if self.priority not in RANKS:
            raise Misconfigured(f"priority={self.priority!r}: write {', '.join(map(repr, RANKS))}")
        if not _is_time(self.timeout):
            raise Misconfigured(f"timeout={self.timeout!r}: write a timedelta above zero, such as timedelta(minutes=5)")
        if self.listens is not None and not _is_event(self.listens):
            raise Misconfigured(f"on({self.listens!r}): name the class of an event, such as class Booked(Event, …)")
        Template(self.key)
        _check_schedule(self.cron, self.zone)

    def due_after(self, moment: datetime) -> datetime:
        """When the schedule is next due after that moment, in UTC."""
        from cronsim import CronSim  # only who has schedules loads it

        zone = ZoneInfo(self.zone)
        return next(CronSim(self.cron, moment.astimezone(zone))).astimezone(UTC)


class Later(Value):
    """When a job is to run, and under which key it waits."""

    at: datetime | None = None
    key: str | None = None

    def __post_init__(self) -> None:
        """Refuse a time that says no zone. Raises Misconfigured."""
        if self.at is not None and self.at.tzinfo is None:
            raise Misconfigured(f"later(at={self.at!r}) says no time zone; write an aware time.")


AT_ONCE = Later()


def _is_count(given: object) -> bool:
    return isinstance(given, int) and 1 <= given <= MOST_ATTEMPTS


def _is_time(given: object) -> bool:
    return isinstance(given, timedelta) and given > timedelta(0)


def _is_event(given: object) -> bool:
    return isinstance(given, type) and issubclass(given, Event)


def _check_schedule(cron: str, zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise Misconfigured(f"zone={zone!r}: write an IANA name, such as Europe/Vienna") from None
    if cron and not _is_schedule(cron):
        raise Misconfigured(f"cron={cron!r}: write five fields, such as 0 3 * * * for three in the morning")


def _is_schedule(cron: str) -> bool:
    """Five fields that name a time: six would be seconds, which no worker keeps."""
    from cronsim import CronSim, CronSimError

    try:
        return len(cron.split()) == FIELDS and bool(CronSim(cron, datetime(2000, 1, 1, tzinfo=UTC)))
    except CronSimError:
        return False
