"""A module: a slice of an application, and the defaults of its actions."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeAlias, TypeVar, Unpack

from pydantic import BaseModel

from portico.core.action import Action, AnyAction, is_path
from portico.core.answer import Html
from portico.core.chore import Post
from portico.core.context import PublicContext, SystemContext, TenantContext
from portico.core.declaring import Declaring, Handler, Rows, caller_of
from portico.core.event import Event
from portico.core.fitting import fitting, refuse_bare
from portico.core.inbox import Inbox, open_inbox
from portico.core.loading import BatchLoader, batch_loader
from portico.core.policy import Policy, policies_among
from portico.core.relation import Relation, read_relation
from portico.core.stream import Stream
from portico.core.task import JobOptions, Task
from portico.core.value import Value
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


class HtmlForm(Value):
    """An HTML form for an action: where it is posted, the page shown again with errors, where a success goes."""

    path: str
    action: AnyAction
    page: Action[Any, ..., Html]
    then: Then


class Module(Declaring):
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
        if prefix and (not is_path(prefix) or prefix.endswith("/") or "{" in prefix):
            message = f'Module({name!r}): write its prefix as "/api/v1", or "" for none, not {prefix!r}.'
            raise Misconfigured(message)
        check_order(name, versions)
        self.versions = tuple(versions)
        self.prefix = versions[-1].prefix if versions else prefix
        self.defaults, self.mails = policies_among(defaults, where=f"Module({name!r})"), mails
        self.actions: list[AnyAction] = []
        self.forms: list[HtmlForm] = []
        self.relations: list[Relation] = []
        self.inboxes: list[Inbox] = []
        self.chores: list[Post] = []

    def query(self, route: str, /, *policies: Policy) -> Callable[[Handler[C, P, T]], Action[C, P, T]]:
        """Declare a function that reads, at `"GET /path"`; its transaction is read-only."""
        refuse_bare(f'{self.name}.query("GET /path")', route)
        return self.declare("query", route, policies)

    def mutation(self, route: str, /, *policies: Policy) -> Callable[[Handler[C, P, T]], Action[C, P, T]]:
        """Declare a function that writes, at `"POST /path"` (or PUT, PATCH, DELETE)."""
        refuse_bare(f'{self.name}.mutation("POST /path")', route)
        return self.declare("mutation", route, policies)

    def export(self, route: str, /, *policies: Policy) -> Callable[[Rows[C, P, T]], Stream[C, P, T]]:
        """Declare a function that gives many rows, at `"GET /path"`: they leave as NDJSON or CSV while they are read.

        It yields rows, or returns those of `ctx.db.stream(…)`, which leave as PostgreSQL writes them where the model
        would write the same. Unless they say otherwise, exports are audited as `<module>.exported`, limited by the
        preset `expensive` (all exports of a user together), and may take ten minutes.
        """
        refuse_bare(f'{self.name}.export("GET /path")', route)
        return self.declare_stream("export", route, policies)

    def subscription(self, route: str, /, *policies: Policy) -> Callable[[Rows[C, P, T]], Stream[C, P, T]]:
        """Declare a function that tells what happens, at `"GET /path"`: by server-sent events, or over a WebSocket.

        It yields values, at most one for each of `ctx.events(Booked, Cancelled)`, for as long as its client would be
        let in. No transaction is open: each statement is one of its own, and reads.
        """
        refuse_bare(f'{self.name}.subscription("GET /path")', route)
        return self.declare_stream("subscription", route, policies)

    def job(
        self, *policies: Policy, **options: Unpack[JobOptions]
    ) -> Callable[[Handler[C, P, None]], Action[C, P, None]]:
        """Declare a function that runs in the background: `ctx.enqueue(remind, visit_id=visit.id)`.

        It runs as who enqueued it, in their organization, where its context promises one; in a `SystemContext` for
        nobody. Whoever enqueues it has decided who may: it needs no `Allow`, and no limit counts it.
        """
        refuse_bare(f"{self.name}.job()", *policies)
        return self.declare("job", "", policies, make_task=partial(Task, **options))

    def on(self, event: type[E], /, *policies: Policy) -> Callable[[Handler[L, [E], None]], Action[L, [E], None]]:
        """Declare a job that handles an event: once for each, in the order in which an organization's happened.

        In a `TenantContext` it runs in the organization of the event, in a `SystemContext` for nobody.
        """
        refuse_bare(f"{self.name}.on(Event)", event)
        return self.declare("job", "", policies, make_task=partial(Task, listens=event))

    def webhook(self, route: str, /, *policies: Policy, name: str = "") -> Inbox:
        """Take what a provider sends to `"POST /path"`, proved by a `Signature`; `name` is the path's last word.

        `Inbox.on` declares what handles it. It has a limit of its own, the preset `webhooks`, unless it says otherwise.
        """
        spot = caller_of(name or route.rstrip("/").rpartition("/")[2].replace("-", "_"))
        inbox = open_inbox(self, route, policies, spot=spot)
        self.inboxes.append(inbox)
        return inbox

    def form(self, path: str, action: AnyAction, *, page: Action[Any, ..., Html], then: Then = ()) -> None:
        """Give an action, of this module or another, an HTML form that posts to `path`.

        A success goes to `then` (303), or to the first of several whose places the result fills; `{next}` is where the
        visitor wanted to go, if that is known. Without `then`, the page is shown with the result as `form.result`:
        for what is shown once and has no address, such as a new key.

        Raises Misconfigured where `path` is none.
        """
        if not is_path(path):
            message = f"{self.name}: a form is posted to a path such as /things, not {path!r}; leave the method out."
            raise Misconfigured(message)
        self.forms.append(HtmlForm(path, action, page, then))

    @fitting("relation")
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
