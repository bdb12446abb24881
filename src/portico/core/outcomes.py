"""Every error that an action can answer: its policies' and the framework's own."""

from collections.abc import Iterator

from portico.core.plan import Plan
from portico.errors import (
    Conflict,
    CrossSite,
    Duplicate,
    Error,
    Forbidden,
    Invalid,
    KeyRefused,
    NoOrganization,
    NotFound,
    RateLimited,
    ScopeMissing,
    SignInAgain,
    SlowClient,
    TimedOut,
    TooLarge,
    TooManyStreams,
    Unauthorized,
    Unavailable,
    Unsupported,
    UpgradeRequired,
)

ALWAYS: tuple[type[Error], ...] = (Invalid, Error, Unavailable, TimedOut)
"""A malformed X-Org-Id, what nobody foresaw, a database out of reach, one that takes too long."""
STREAMED: tuple[type[Error], ...] = (UpgradeRequired, SlowClient, TooManyStreams)
"""Of subscriptions: a plain request, a client that takes nothing, one stream too many."""
SAFE = frozenset({"GET", "HEAD"})


def errors_of(plan: Plan) -> tuple[type[Error], ...]:
    """The classes, by status and code; a class may share its code with its base."""
    streams = STREAMED if plan.action.kind == "subscription" else ()
    called = () if plan.action.kind == "job" else (*_of_caller(plan), *_of_wire(plan))  # workers run it: nobody calls
    found = {*ALWAYS, *plan.errors, *streams, *called, *_of_data(plan)}
    return tuple(sorted(found, key=lambda error: (error.status, error.code, error.__qualname__)))


def _of_caller(plan: Plan) -> Iterator[type[Error]]:
    """What refuses who calls, and from where."""
    if plan.action.place.method not in SAFE:
        yield CrossSite
    if not plan.public:
        yield from (Unauthorized, SignInAgain, RateLimited)
    if not (plan.public or plan.permits or KeyRefused in plan.errors):
        yield ScopeMissing
    if plan.needs.org:
        yield Forbidden
    if plan.needs.org and not plan.ask.org and plan.slug is None:
        yield NoOrganization


def _of_wire(plan: Plan) -> Iterator[type[Error]]:
    """What refuses how something was sent."""
    if plan.binder.members:
        yield TooLarge
    if plan.binder.wants_body:
        yield Unsupported


def _of_data(plan: Plan) -> Iterator[type[Error]]:
    """What refuses what was sent: what it names, what it would make of the rows."""
    if plan.needs.tenant or not plan.read_only or plan.binder.members:
        yield NotFound
    if not plan.read_only:
        yield from (Conflict, Duplicate)  # a constraint, or two that write at once
