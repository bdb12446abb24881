"""An action: one typed async function and its policies; what a stream shares with it."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, Literal, ParamSpec, Self, TypeAlias, TypeVar

from portico.core.call import Call
from portico.core.policy import Policy
from portico.core.task import AT_ONCE, Later, Task
from portico.core.value import Value
from portico.core.version import Version
from portico.errors import Misconfigured

P = ParamSpec("P")
T_co = TypeVar("T_co", covariant=True)
C_in = TypeVar("C_in", contravariant=True)
METHODS = {
    "query": ("GET",),
    "mutation": ("POST", "PUT", "PATCH", "DELETE", "GET"),
    "export": ("GET",),
    "webhook": ("POST",),
    "subscription": ("GET",),
}
PLACE = re.compile(r"\{([A-Za-z_]\w*)\}")
PATH = re.compile(rf"/|(/([^/{{}}?#\s]|{PLACE.pattern})+)+/?")
"""A place stands in braces; `?`, `#` and spaces are none of a path."""
Kind: TypeAlias = Literal["query", "mutation", "job", "export", "webhook", "subscription"]
STREAMS = frozenset({"export", "subscription"})
"""The kinds that give many values."""


class Place(Value):
    """Where an action was written and where it is served."""

    module: str
    function: str
    file: str
    line: int
    method: str
    path: str
    prefix: str
    import_path: str
    version: Version | None = None
    """Of the API, where its module lists versions."""

    def __str__(self) -> str:
        """File and line, for a person."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, eq=False)
class Declared(Generic[C_in, P, T_co]):
    """A function with its policies, as a module has declared it."""

    name: str
    kind: Kind
    handler: Callable[..., Any]
    policies: tuple[Policy, ...]
    """Its own, as written; the module's and the application's come before them."""
    defaults: tuple[Policy, ...]
    """The module's."""
    place: Place
    task: Task | None = None
    """What makes it a job, if it is one."""
    when: Later = AT_ONCE
    """When a job is to run that is enqueued in this form."""

    @property
    def origin(self) -> str:
        """Its name in the newest version: what an older version has counts as the same."""
        return self.name.partition("@")[0]

    @property
    def purpose(self) -> str:
        """The first line of its docstring."""
        return (self.handler.__doc__ or "").strip().partition("\n")[0]

    def later(self, *, at: datetime | None = None, key: str | None = None) -> Self:
        """The job to be enqueued for a time: `ctx.enqueue(remind.later(at=eve), visit_id=visit.id)`.

        Of several that wait under one `key` one is run: the last one enqueued says when, and with what input.
        Raises Misconfigured where it is no job, or the time says no zone.
        """
        if self.task is None:
            raise Misconfigured(f"{self.name} is no job; only a job runs later: declare it with @module.job().")
        return replace(self, when=Later(at, key))


class Action(Declared[C_in, P, T_co]):
    """A typed function and its policies; called directly it is the bare function, for unit tests."""

    def __call__(self, ctx: C_in, /, *args: P.args, **input: P.kwargs) -> Awaitable[T_co]:
        """The bare function, with no policy: for unit tests with a context of the harness.

        Raises Misconfigured inside a running call, where it would skip the action's policies.
        """
        call = getattr(ctx, "_call", None)
        if isinstance(call, Call) and call.live:
            message = f"{self.name} called directly skips its policies; write await ctx.call({self.place.function}, …)."
            raise Misconfigured(message)
        called: Awaitable[T_co] = self.handler(ctx, *args, **input)
        return called


AnyAction: TypeAlias = Declared[Any, ..., Any]
"""An action or a stream, whatever its types."""


def parse_route(route: str, kind: Kind) -> tuple[str, str]:
    """Method and path of `"POST /appointments"`, none for a job; raises ValueError that says what to write."""
    if kind == "job":
        return "", ""
    method, _, path = route.partition(" ")
    if method not in METHODS[kind] or not is_path(path):
        article = "an" if kind == "export" else "a"
        message = f'write the route of {article} {kind} as "{METHODS[kind][0]} /things", not {route!r}'
        raise ValueError(message)
    return method, path


def is_path(written: str) -> bool:
    """Whether it is a path such as `/things/{id}`, in which each place has another name."""
    places = PLACE.findall(written)
    return PATH.fullmatch(written) is not None and len(places) == len(set(places))
