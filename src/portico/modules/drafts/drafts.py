"""Draft: a wizard, declared by its steps."""

import re
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, JsonValue

from portico import Idempotent, Invalidates, Misconfigured, Module, OrgContext, Policy, Raises, UserContext
from portico.core.action import Action, AnyAction
from portico.core.declaring import Spot
from portico.core.fitting import fitting, refuse_bare
from portico.modules.drafts.errors import DraftMissing, DraftTooLarge
from portico.modules.drafts.models import Progress
from portico.modules.drafts.statements import BEGIN, GET, SAVE, TAKE
from portico.modules.drafts.steps import complete, read_finalizer, read_steps

T = TypeVar("T")
C = TypeVar("C", bound=UserContext)
P = ParamSpec("P")
NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
DAY = timedelta(hours=24)


class Row(BaseModel):
    """A draft as the database keeps it."""

    steps: dict[str, JsonValue]
    expires_at: AwareDatetime


class Draft(Module):
    """A wizard whose steps are saved on the server: `Draft("onboarding", steps=(BasicInfo, Services, Publish))`.

    A module like any other: list it in `App(modules=[…])`. It serves, under `/drafts/onboarding`, an action for each
    step (`PUT /basic-info`), the draft so far (`GET`), its end (`DELETE`), and what `finalize` declares (`POST`).

    The draft's id stands in a cookie that no script reads, and is worth nothing to anybody but its user. `context` says
    whose it is besides: with `OrgContext` a draft is one's own in one organization, and `defaults` hold the decision
    that every action of an organization needs. A draft ends 24 hours after it was last saved, and holds 64 KiB.

    Raises Misconfigured where the steps are no models of different names, or hold secrets.
    """

    @fitting("Draft", but=("defaults",))
    def __init__(
        self,
        name: str,
        /,
        *defaults: Policy,
        steps: tuple[type[BaseModel], ...],
        context: type[UserContext] = UserContext,
        prefix: str = "/api/v1",
    ) -> None:
        """Declare the actions of each step."""
        if not NAME.fullmatch(name):
            message = f"Draft({name!r}): name it with at most 40 lower-case letters, digits and underscores."
            raise Misconfigured(message)
        super().__init__(name, *defaults, prefix=prefix)
        self.steps = read_steps(name, steps)
        self._cookie = f"__Host-draft-{name}"
        self._path = f"/drafts/{_dashed(name)}"
        self._first = next(iter(self.steps))
        self._finalizer: Callable[..., object] | None = None
        self.get: AnyAction = self.query(f"GET {self._path}", Raises(DraftMissing))(self._getting(context))
        """Reads the draft so far."""
        self.discard: AnyAction = self.mutation(f"DELETE {self._path}", Raises(DraftMissing))(self._discarding(context))
        """Throws the draft away."""
        self.saves: dict[str, AnyAction] = {step: self._saves(step, context) for step in self.steps}
        """The action that saves each step, by its name."""

    def finalize(
        self, *policies: Policy
    ) -> Callable[[Callable[..., Coroutine[Any, Any, T]]], Action[UserContext, [], T]]:
        """Declare what makes the thing of a whole draft: an async function that takes the context and the steps.

        It runs in one transaction with the draft's end; what it refuses leaves the draft as it was. What is still
        missing or no longer valid is told by step and member, and then it does not run. It is idempotent.
        """
        refuse_bare(f"{self.name}.finalize()", *policies)
        own: tuple[Policy, ...] = (Raises(DraftMissing), *policies)
        if not any(isinstance(policy, Idempotent) for policy in policies):
            own = (Idempotent(), *own)

        def declare(handler: Callable[..., Coroutine[Any, Any, T]]) -> Action[UserContext, [], T]:
            context, returns, takes = read_finalizer(self.name, self.steps, handler)

            async def finish(ctx: UserContext) -> T:
                row = await self._find(ctx, TAKE)
                done = complete(self.steps, row.steps)
                result = await handler(ctx, **{takes[step]: data for step, data in done.items() if step in takes})
                ctx.answer.cookie(self._cookie, None)
                return result

            self._finalizer = handler
            finish.__doc__ = handler.__doc__
            named = _named(finish, handler.__name__, ctx=context, returns=returns, cookie=self._cookie)
            return self.mutation(f"POST {self._path}", *own)(named)

        return declare

    async def progress(self, ctx: UserContext, /) -> Progress | None:
        """How far the caller's draft has come; None where there is none: for a page that may begin one."""
        try:
            return self._told(await self._find(ctx, GET))
        except DraftMissing:
            return None

    def _getting(self, context: type[UserContext]) -> Callable[..., Coroutine[Any, Any, Progress]]:
        async def get(ctx: UserContext) -> Progress:
            """Read the draft so far."""
            return self._told(await self._find(ctx, GET))

        return _named(get, "get", ctx=context, returns=Progress, cookie=self._cookie)

    def _discarding(self, context: type[UserContext]) -> Callable[..., Coroutine[Any, Any, None]]:
        async def discard(ctx: UserContext) -> None:
            """Throw the draft away."""
            await self._find(ctx, TAKE)
            ctx.answer.cookie(self._cookie, None)

        return _named(discard, "discard", ctx=context, returns=None, cookie=self._cookie)

    def _saves(self, step: str, context: type[UserContext]) -> AnyAction:
        async def save(ctx: UserContext, data: BaseModel) -> Progress:
            saved = {step: data.model_dump(mode="json")}
            return await self._save(ctx, saved, begins=step == self._first)

        begun = ", and begin a draft where there is none." if step == self._first else "."
        save.__doc__ = f"Save the step {step}{begun}"
        save.__annotations__["data"] = self.steps[step]
        policies = (Raises(DraftMissing), Raises(DraftTooLarge, on="drafts_size"), Invalidates(f"draft:{self.name}"))
        named = _named(save, f"save_{step}", ctx=context, returns=Progress, cookie=self._cookie)
        return self.mutation(f"PUT {self._path}/{_dashed(step)}", *policies)(named)

    async def _save(self, ctx: UserContext, saved: dict[str, Any], *, begins: bool) -> Progress:
        id, times = self._id(ctx), {"now": ctx.now, "until": ctx.now + DAY}
        whose = {"name": self.name, "org": self._org(ctx), "saved": saved, **times}
        row = await ctx.db.maybe(SAVE, Row, **(whose | {"id": id})) if id else None
        if row is None:
            if not begins:
                raise DraftMissing
            id = ctx.new_id()
            row = await ctx.db.one(BEGIN, Row, **(whose | {"id": id, "user": ctx.user.id}))
        ctx.answer.cookie(self._cookie, str(id), max_age=DAY)
        return self._told(row)

    async def _find(self, ctx: UserContext, statement: str) -> Row:
        id = self._id(ctx)
        whose = {"id": id, "name": self.name, "org": self._org(ctx), "now": ctx.now}
        row = await ctx.db.maybe(statement, Row, **whose) if id else None
        if row is None:
            raise DraftMissing
        return row

    def _id(self, ctx: UserContext) -> UUID | None:
        for pair in ctx.request.headers.get("cookie", "").split(";"):
            name, _, value = pair.strip().partition("=")
            if name == self._cookie:
                return _uuid(value)
        return None

    @staticmethod
    def _org(ctx: UserContext) -> UUID | None:
        """The organization that the draft is kept in, besides its user."""
        return ctx.org.id if isinstance(ctx, OrgContext) else None

    def _told(self, row: Row) -> Progress:
        missing = [step for step in self.steps if step not in row.steps]
        return Progress(steps=row.steps, missing=missing, expires_at=row.expires_at)

    def spot_of(self, handler: Callable[..., object]) -> Spot:
        """An action that makes the thing stands where its function was written."""
        own = (
            self._finalizer if getattr(handler, "__name__", "") == getattr(self._finalizer, "__name__", None) else None
        )
        return super().spot_of(own or handler)


def _named(handler: Callable[P, T], name: str, *, ctx: object, returns: object, cookie: str) -> Callable[P, T]:
    """The function under another name, with what its action is declared by, and told by to who knows nothing else."""
    said = f"The draft is the one that the cookie `{cookie}` names; the first step sets it."
    handler.__doc__ = f"{(handler.__doc__ or '').strip()}\n\n{said}"
    handler.__name__ = handler.__qualname__ = name
    handler.__annotations__.update({"ctx": ctx, "return": returns})
    return handler


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
