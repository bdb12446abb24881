"""A module: a slice of an application, and the defaults of its actions."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar, Unpack

from pydantic import BaseModel

from portico.core.action import Action, AnyAction, Kind, Place, parse_route
from portico.core.answer import Html
from portico.core.context import PublicContext, SystemContext, TenantContext
from portico.core.event import Event
from portico.core.loading import BatchLoader, batch_loader
from portico.core.policy import Policy
from portico.core.relation import Relation, read_relation
from portico.core.stream import Stream
from portico.core.task import JobOptions, Task
from portico.core.version import Version, check_order
from portico.errors import Misconfigured

P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C", bound=PublicContext)
E = TypeVar("E", bound=Event)
L = TypeVar("L", TenantContext, SystemContext)
K = TypeVar("K", bound=Hashable)
Then: TypeAlias = str | tuple[str, ...]
"""Where a success of a form leads: a template, or several, of which the first that the result fills counts."""
Handler: TypeAlias = Callable[Concatenate[C, P], Coroutine[Any, Any, T]]
Rows: TypeAlias = Callable[Concatenate[C, P], AsyncIterator[T] | Coroutine[Any, Any, AsyncIterator[T]]]


@dataclass(frozen=True)
class HtmlForm:
    """An HTML form for an action: where it is posted, the page shown again with errors, where a success goes."""

    path: str
    action: AnyAction
    page: Action[Any, ..., Html]
    then: Then


class Module:
    """A slice of the application; its policies are its actions' defaults.

    `prefix` is the path under which its actions are served; queries that return `Html` are pages and stand at the root.
    `mails` is the folder of its mails' templates, which the application's own folder `mails` comes before.
    `versions`, the oldest first, stand instead of a prefix: every action is served in each, and speaks the newest.
    """

    def __init__(
        self,
        name: str,
        /,
        *defaults: Policy,
        prefix: str = "/api/v1",
        mails: Path | None = None,
        versions: Sequence[Version] = (),
    ) -> None:
        """Name the slice; raises Misconfigured where the name is no lower-case word, or versions are out of order."""
        if not name.replace("_", "").isalnum() or name != name.lower():
            message = f"Module({name!r}): name it with lower-case letters, digits and underscores."
            raise Misconfigured(message)
        self.name = name
        check_order(name, versions)
        self.defaults = defaults
        self.versions = tuple(versions)
        self.prefix = versions[-1].prefix if versions else prefix
        self.mails = mails
        self.actions: list[AnyAction] = []
        self.forms: list[HtmlForm] = []
        self.relations: list[Relation] = []

    def query(self, route: str, /, *policies: Policy) -> Callable[[Handler[C, P, T]], Action[C, P, T]]:
        """Declare a function that reads, at `"GET /path"`; its transaction is read-only."""
        return self._declare("query", route, policies)

    def mutation(self, route: str, /, *policies: Policy) -> Callable[[Handler[C, P, T]], Action[C, P, T]]:
        """Declare a function that writes, at `"POST /path"` (or PUT, PATCH, DELETE)."""
        return self._declare("mutation", route, policies)

    def export(self, route: str, /, *policies: Policy) -> Callable[[Rows[C, P, T]], Stream[C, P, T]]:
        """Declare a function that gives many rows, at `"GET /path"`: they leave as NDJSON or CSV while they are read.

        It yields rows, or returns those of `ctx.db.stream(…)`, which leave as PostgreSQL writes them where the model
        would write the same. Unless they say otherwise, exports are audited as `<module>.exported`, limited by the
        preset `expensive` (all exports of a user together), and may take ten minutes.
        """

        def declare(handler: Rows[C, P, T]) -> Stream[C, P, T]:
            place = self._checked("export", route, handler, policies=policies)
            stream = Stream[C, P, T](f"{self.name}.{place.function}", "export", handler, policies, self.defaults, place)
            self.actions.append(stream)
            return stream

        return declare

    def job(
        self, *policies: Policy, **options: Unpack[JobOptions]
    ) -> Callable[[Handler[C, P, None]], Action[C, P, None]]:
        """Declare a function that runs in the background: `ctx.enqueue(remind, visit_id=visit.id)`.

        It runs as who enqueued it, in their organization, where its context promises one; in a `SystemContext` for
        nobody. Whoever enqueues it has decided who may: it needs no `Allow`, and no limit counts it.
        """
        return self._declare("job", "", policies, make_task=partial(Task, **options))

    def on(self, event: type[E], /, *policies: Policy) -> Callable[[Handler[L, [E], None]], Action[L, [E], None]]:
        """Declare a job that handles an event: once for each, in the order in which an organization's happened.

        In a `TenantContext` it runs in the organization of the event, in a `SystemContext` for nobody.
        """
        return self._declare("job", "", policies, make_task=partial(Task, listens=event))

    def form(self, path: str, action: AnyAction, *, page: Action[Any, ..., Html], then: Then = ()) -> None:
        """Give an action, of this module or another, an HTML form that posts to `path`.

        A success goes to `then` (303), or to the first of several whose places the result fills; `{next}` is where the
        visitor wanted to go, if that is known. Without `then`, the page is shown with the result as `form.result`:
        for what is shown once and has no address, such as a new key.

        Raises Misconfigured where `path` is none.
        """
        if not path.startswith("/"):
            message = f"{self.name}: a form is posted to a path such as /things, not {path!r}; leave the method out."
            raise Misconfigured(message)
        self.forms.append(HtmlForm(path, action, page, then))

    def relation(
        self, model: type[BaseModel], name: str, /, *, by: str, like: Action[C, ..., Any]
    ) -> Callable[[Callable[[C, Sequence[K]], Awaitable[Mapping[K, T]]]], BatchLoader[C, K, T]]:
        """Declare what stands behind a member of a model: `@visits.relation(Visit, "guest", by="guest_id", like=get)`.

        The function looks up many at once, as a `batch_loader` does, which it becomes. In GraphQL the model has the
        field `name`; the decisions of `like`, a query, hold for it.

        Raises Misconfigured where `by` is no member of the model, or `name` is one.
        """

        def declare(look: Callable[[C, Sequence[K]], Awaitable[Mapping[K, T]]]) -> BatchLoader[C, K, T]:
            self.relations.append(read_relation(model, name, by=by, like=like, look=look))
            return batch_loader()(look)

        return declare

    def _declare(
        self,
        kind: Kind,
        route: str,
        policies: tuple[Policy, ...],
        *,
        make_task: Callable[[], Task | None] = lambda: None,
    ) -> Callable[[Handler[C, P, T]], Action[C, P, T]]:
        def declare(handler: Handler[C, P, T]) -> Action[C, P, T]:
            place = self._checked(kind, route, handler, policies=policies)
            try:
                task = make_task()
            except Misconfigured as problem:
                raise Misconfigured(f"{self.name}.{place.function} ({place}): {problem}.") from None
            name = f"{self.name}.{place.function}"
            action = Action[C, P, T](name, kind, handler, policies, self.defaults, place, task)
            self.actions.append(action)
            return action

        return declare

    def _checked(
        self, kind: Kind, route: str, handler: Callable[..., object], *, policies: tuple[object, ...]
    ) -> Place:
        place = self._place(kind, route, handler)
        if strays := [p for p in policies if not isinstance(p, Policy)]:
            message = f"{place}: {strays[0]!r} is no policy; a policy is a value such as Allow('things:read')."
            raise Misconfigured(message)
        return place

    def _place(self, kind: Kind, route: str, handler: Callable[..., object]) -> Place:
        function = getattr(handler, "__name__", "?")
        code = getattr(inspect.unwrap(handler), "__code__", None)
        file, line = (code.co_filename, code.co_firstlineno) if code else ("?", 0)
        where = f"{self.name}.{function} ({file}:{line})"
        try:
            method, path = parse_route(route, kind)
        except ValueError as problem:
            message = f"{where}: {problem}."
            raise Misconfigured(message) from None
        many = kind == "export" and inspect.isasyncgenfunction(handler)
        if not (many or inspect.iscoroutinefunction(handler)):
            message = f"{where}: an action is an async function; write async def {function}(…)."
            raise Misconfigured(message)
        import_path = f"{handler.__module__}.{function}"
        version = self.versions[-1] if self.versions else None
        return Place(self.name, function, _near(file), line, method, path, self.prefix, import_path, version)


def _near(file: str) -> str:
    """The path as a person in the project's folder would write it."""
    path = Path(file)
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
