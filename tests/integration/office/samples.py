"""Actions that show one policy each, and go wrong in one way each."""

from collections.abc import Mapping
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, Field, SecretStr

from portico import (
    Allow,
    Anyone,
    Ask,
    Audit,
    Call,
    Conflict,
    Contract,
    Error,
    FieldError,
    Forbidden,
    From,
    Idempotent,
    In,
    Invalid,
    Module,
    Org,
    OrgContext,
    Policy,
    Public,
    PublicContext,
    Raises,
    RateLimit,
    Redirect,
    Refine,
    Result,
    Stage,
    TenantContext,
    UserContext,
)
from portico.core.policy import Handler

samples = Module("samples")


class Who(BaseModel):
    """Who calls, and where."""

    user: str | None
    org: str | None


def who(ctx: PublicContext) -> Who:
    """Read it off the context."""
    user, org = ctx.user, ctx.org
    return Who(user=user.email if user else None, org=org.slug if org else None)


# -- who may call ------------------------------------------------------------------------------------------------------
@samples.query("GET /open", Public("a test"))
async def anybody(ctx: PublicContext) -> Who:
    """Anybody may call."""
    return who(ctx)


@samples.query("GET /signed-in", Anyone("a test"))
async def signed_in(ctx: UserContext) -> Who:
    """Whoever is signed in may call."""
    return who(ctx)


@samples.query("GET /members", Anyone("a test"))
async def members(ctx: OrgContext) -> Who:
    """Every member may call."""
    return who(ctx)


@samples.query("GET /shop/{slug}", Public("a test"), In("{slug}"))
async def shop(ctx: TenantContext, slug: str) -> Org:
    """An organization's public face."""
    if slug != ctx.org.slug:
        raise Conflict
    return ctx.org


@samples.query("GET /may", Allow("desk:sit"))
async def may(ctx: OrgContext) -> dict[str, bool]:
    """What the caller may do besides."""
    return {permission: ctx.may(permission) for permission in ("desk:sit", "desk:move", "papers:read", "roof:climb")}


# -- limits ------------------------------------------------------------------------------------------------------------
@samples.mutation("POST /limited", Anyone("a test"), RateLimit("3/m"))
async def limited(ctx: OrgContext, *, fail: bool = False) -> None:
    """Three a minute and user, whatever comes of it."""
    await ctx.db.execute("insert into remarks (paper_id, text) select id, 'seen' from papers")
    if fail:
        raise Conflict


@samples.mutation("POST /limited-by-address", Public("a test"), RateLimit("2/m", by="ip"))
async def limited_by_address(_ctx: PublicContext) -> None:
    """Two a minute and address."""


@samples.mutation("POST /limited-by-email", Public("a test"), RateLimit("1/m", by="ip+{email}"))
async def limited_by_email(_ctx: PublicContext, email: str) -> str:
    """One a minute, address and e-mail address."""
    return email


@samples.mutation("POST /limited-by-org", Anyone("a test"), RateLimit("2/m", by="org"))
async def limited_by_org(_ctx: OrgContext) -> None:
    """Two a minute and organization."""


@samples.mutation("POST /limited-by-user-and-address", Anyone("a test"), RateLimit("1/m", by="user+ip"))
async def limited_by_user_and_address(_ctx: OrgContext) -> None:
    """One a minute, user and address."""


@samples.mutation("POST /limited-by-user-or-address", Public("a test"), RateLimit("1/m"))
async def limited_by_user_or_address(_ctx: PublicContext) -> None:
    """One a minute and user, or address where nobody is signed in."""


@samples.mutation("POST /limited-by-plan", Anyone("a test"), RateLimit("1/h", plans={"pro": "9/h"}))
async def limited_by_plan(_ctx: OrgContext) -> None:
    """One an hour and user; more on a better plan."""


@samples.mutation("POST /limited-and-repeated", Anyone("a test"), RateLimit("9/m"))
async def limited_and_repeated(ctx: OrgContext) -> int:
    """Nine a minute; the database wants the first two transactions run again."""
    REPEATED.append(ctx.request.id)
    if (times := REPEATED.count(ctx.request.id)) < 3:
        await ctx.db.execute("do $$ begin raise exception 'again' using errcode = '40001'; end $$")
    return times


REPEATED: list[str] = []
"""The requests that were run, as often as they were."""


# -- rules that look things up -----------------------------------------------------------------------------------------
async def free(ctx: OrgContext, title: str) -> Error | None:
    """A rule in the transaction: it sees what the handler would see."""
    taken = await ctx.db.maybe("select 1 from papers where title = :title", int, title=title)
    return Invalid(message=f"{title} is taken.") if taken else None


async def even(_ctx: OrgContext, number: int) -> Error | None:
    """A rule with a code of its own."""
    return Invalid(errors={"number": [FieldError("OFFICE_ODD", message="Odd.")]}) if number % 2 else None


async def not_thirteen(_ctx: OrgContext, number: int) -> Error | None:
    """A rule that forbids."""
    return Forbidden() if number == 13 else None


@samples.mutation(
    "POST /refined", Anyone("a test"), Refine("title", free), Refine("number", even), Refine("number", not_thirteen)
)
async def refined(_ctx: OrgContext, *, title: Annotated[str, Field(max_length=10)], number: int = 0) -> str:
    """Takes what the rules let pass."""
    return f"{title} {number}"


class Whispered(Policy):
    """Refuses capital letters: a rule about the input that needs no I/O."""

    @property
    def stage(self) -> Stage:
        """With 422."""
        return Stage.INPUT

    def decide(self, call: Call) -> Error | None:
        """Read the word."""
        return Invalid(at="word") if call.input("word", str).isupper() else None


@samples.mutation("POST /whispered", Allow("desk:sit"), Whispered(), Idempotent())
async def whispered(_ctx: OrgContext, word: Annotated[str, Field(max_length=5)]) -> str:
    """Takes what is not shouted."""
    return word


@samples.mutation("POST /whispered-twice", Allow("desk:sit"))
async def whispered_twice(ctx: OrgContext, word: str) -> str:
    """Through another action."""
    return await ctx.call(whispered, word=word)


# -- errors ------------------------------------------------------------------------------------------------------------
class Full(Conflict, code="OFFICE_FULL"):
    """The drawer is full: {used} of {size}."""

    used: int
    size: int


class Unsaid(Error, code="OFFICE_UNSAID", status=402):
    """Nobody declared this."""


@samples.mutation("POST /raises", Anyone("a test"), Raises(Full), Audit("drawer.filled"))
async def raises(_ctx: OrgContext, kind: str) -> str:
    """Fails as told."""
    if kind == "declared":
        raise Full(used=9, size=9, retry_after=3)
    if kind == "undeclared":
        raise Unsaid
    if kind == "broken":
        raise RuntimeError("the secret recipe")
    return kind


@samples.query("GET /wrong", Public("a test"))
async def wrong(_ctx: PublicContext, *, none: bool = False) -> Who:
    """Returns what it does not declare."""
    return None if none else "half an answer"  # type: ignore[return-value]  # the mistake under test


@samples.query("GET /away", Public("a test"))
async def away(_ctx: PublicContext, to: str) -> Redirect:
    """Leads elsewhere."""
    return Redirect(to)


@samples.mutation("POST /secret", Anyone("a test"))
async def secret(_ctx: OrgContext, *, password: SecretStr, pin: Annotated[int, Field(le=9999)]) -> str:
    """Takes secrets."""
    return f"{len(password.get_secret_value())} {pin % 10}"


@samples.query("GET /echo", Public("a test"))
async def echo(
    ctx: PublicContext,
    *,
    words: list[str] | None = None,
    agent: Annotated[str, From("header", "User-Agent")] = "",
    theme: Annotated[str, From("cookie")] = "",
) -> list[str]:
    """Says what came, and from where."""
    ctx.answer.header("X-Words", str(len(words or [])))
    ctx.answer.cookie("seen", "yes")
    return [*(words or []), agent, theme, ctx.request.ip or "", ctx.request.locale]


# -- a policy of one's own, with every hook ----------------------------------------------------------------------------
OPEN = """
    select count(*) from pg_stat_activity
     where datname = current_database() and application_name = 'portico' and state like 'idle in transaction%'
"""


class Occupied(Conflict, code="OFFICE_OCCUPIED"):
    """Somebody sits here."""


class Watch(Policy):
    """Notes every hook that runs, and refuses where it is told to."""

    name: str
    steps: ClassVar[list[str]] = []
    refuse: ClassVar[str] = ""

    @property
    def stage(self) -> Stage:
        """Among the rules of access."""
        return Stage.ACCESS

    def _note(self, hook: str) -> Error | None:
        self.steps.append(f"{self.name}.{hook}")
        return Occupied() if self.refuse == hook else None

    def ask(self) -> Ask:
        """The caller's key."""
        return Ask(key=True)

    def decide(self, call: Call) -> Error | None:
        """Without I/O."""
        return self._note("decide")

    async def check(self, call: Call) -> Error | None:
        """With no transaction open, and the input known."""
        waiting = await call.db.one(OPEN, int)
        call.found["checked"] = f"{waiting} open, {call.input('word', str)}"
        return self._note("check")

    async def refine(self, call: Call) -> Error | None:
        """Inside the transaction."""
        return self._note("refine")

    async def wrap(self, call: Call, handler: Handler) -> object:
        """Around the handler."""
        self._note("before")
        value = await handler()
        self._note("after")
        return value

    def record(self, call: Call, result: "Result[object]") -> None:
        """Of what happened."""
        self._note("done" if result.error is None else f"refused {result.error.code}")
        if result.error is None:
            call.notes.audit("desk.watched", None, hooks=len(self.steps))

    def meanings(self) -> Mapping[str, type[Error]]:
        """Of a constraint."""
        return {"papers_title_key": Occupied}

    def contract(self) -> Contract:
        """It may answer its error."""
        return Contract(errors=(Occupied,), headers=("X-Watched",))


@samples.mutation("POST /said", Allow("desk:sit"), Idempotent())
async def said(_ctx: OrgContext, word: str) -> str:
    """Say a word."""
    return f"said {word}"


@samples.mutation("POST /said-otherwise", Allow("desk:sit"), Idempotent())
async def said_otherwise(_ctx: OrgContext, word: str) -> str:
    """Say a word in another way."""
    return f"otherwise {word}"


@samples.mutation("POST /watched", Allow("desk:sit"), Idempotent(), Watch("w"))
async def watched(ctx: OrgContext, word: str) -> str:
    """Says what the check found."""
    Watch.steps.append("handler")
    await ctx.db.execute("insert into papers (title) values (:word)", word=word)
    return str(ctx.found["checked"])


@samples.mutation("POST /watched-anonymously", Public("a test"), RateLimit("50/m", by="ip"), Watch("anonymous"))
async def watched_anonymously(ctx: PublicContext, word: str) -> str:
    """Says what the check found, to anybody."""
    return f"{word}: {ctx.found['checked']}"


@samples.mutation("POST /ids/{id}", Anyone("a test"), Idempotent(required=True))
async def counted(ctx: OrgContext, *, id: UUID, note: str = "") -> int:
    """Counts its own calls."""
    await ctx.db.execute("insert into papers (title, body) values (:title, :note)", title=str(ctx.new_id()), note=note)
    ctx.answer.header("X-Counted", str(id))
    ctx.answer.cookie("counted", "yes")
    return await ctx.db.one("select count(*) from papers", int)
