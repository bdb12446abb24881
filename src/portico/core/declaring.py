"""Declaring actions: where each was written, and what is wrong with it at first sight."""

import inspect
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeAlias, TypeVar

from portico.core.action import STREAMS, Action, AnyAction, Kind, Place, parse_route
from portico.core.context import PublicContext
from portico.core.policy import Policy, policies_among
from portico.core.stream import Stream
from portico.core.task import Task
from portico.core.version import Version
from portico.errors import Misconfigured

P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C", bound=PublicContext)
Handler: TypeAlias = Callable[Concatenate[C, P], Coroutine[Any, Any, T]]
Rows: TypeAlias = Callable[Concatenate[C, P], AsyncIterator[T] | Coroutine[Any, Any, AsyncIterator[T]]]


class Spot(NamedTuple):
    """Where something was written."""

    function: str
    """What it is called there."""
    module: str
    file: str
    line: int


class Declaring:
    """What declarations are made with: name, defaults, prefix and versions of their module; they are collected."""

    name: str
    defaults: tuple[Policy, ...]
    versions: tuple[Version, ...]
    prefix: str
    actions: list[AnyAction]

    def declare(
        self,
        kind: Kind,
        route: str,
        policies: tuple[Policy, ...],
        *,
        make_task: Callable[[], Task | None] = lambda: None,
    ) -> Callable[[Handler[C, P, T]], Action[C, P, T]]:
        """Declare an action of any kind."""

        def declare(handler: Handler[C, P, T]) -> Action[C, P, T]:
            place = self.checked(kind, route, handler, policies=policies)
            try:
                task = make_task()
            except Misconfigured as problem:
                raise Misconfigured(f"{self.name}.{place.function} ({place}): {problem}.") from None
            name = f"{self.name}.{place.function}"
            action = Action[C, P, T](name, kind, handler, policies, self.defaults, place, task)
            self.actions.append(action)
            return action

        return declare

    def declare_stream(
        self, kind: Kind, route: str, policies: tuple[Policy, ...]
    ) -> Callable[[Rows[C, P, T]], Stream[C, P, T]]:
        """Declare a stream of any kind."""

        def declare(handler: Rows[C, P, T]) -> Stream[C, P, T]:
            place = self.checked(kind, route, handler, policies=policies)
            stream = Stream[C, P, T](f"{self.name}.{place.function}", kind, handler, policies, self.defaults, place)
            self.actions.append(stream)
            return stream

        return declare

    def checked(self, kind: Kind, route: str, handler: Callable[..., object], *, policies: tuple[object, ...]) -> Place:
        """Where a handler was written; raises Misconfigured where it, its route or a policy is none."""
        spot = self.spot_of(handler)
        place = self.placed(kind, route, spot, policies=policies)
        many = kind in STREAMS and inspect.isasyncgenfunction(handler)
        if not (many or inspect.iscoroutinefunction(handler)):
            words = f"an action is an async function; write async def {spot.function}(…)."
            if inspect.isasyncgenfunction(handler):
                words = f"it yields, and a {kind} answers once; declare it with @module.subscription or @module.export."
            raise Misconfigured(f"{self.name}.{spot.function} ({spot.file}:{spot.line}): {words}")
        return place

    def spot_of(self, handler: Callable[..., object]) -> Spot:
        """Where a function was written."""
        code = getattr(inspect.unwrap(handler), "__code__", None)
        file, line = (code.co_filename, code.co_firstlineno) if code else ("?", 0)
        return Spot(getattr(handler, "__name__", "?"), handler.__module__, file, line)

    def placed(self, kind: Kind, route: str, spot: Spot, *, policies: tuple[object, ...]) -> Place:
        """The place of what was written at a spot; raises Misconfigured where the route or a policy is none."""
        try:
            method, path = parse_route(route, kind)
        except ValueError as problem:
            message = f"{self.name}.{spot.function} ({spot.file}:{spot.line}): {problem}."
            raise Misconfigured(message) from None
        function, module, file, line = spot
        version = self.versions[-1] if self.versions else None
        import_path = f"{module}.{function}"
        place = Place(self.name, function, _near(file), line, method, path, self.prefix, import_path, version)
        policies_among(policies, where=str(place))
        return place


def caller_of(function: str) -> Spot:
    """The line that called who asks: where something is declared that is no function."""
    frame = inspect.currentframe()
    for _ in range(2):
        frame = frame.f_back if frame is not None else None
    if frame is None:
        return Spot(function, "?", "?", 0)
    return Spot(function, frame.f_globals.get("__name__", "?"), frame.f_code.co_filename, frame.f_lineno)


def _near(file: str) -> str:
    """The path as a person in the project's folder would write it."""
    path = Path(file)
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
