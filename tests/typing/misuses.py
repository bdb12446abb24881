"""Wrong uses of the public API: a type checker refuses every marked line.

An unmarked refusal and a mark without a refusal are both errors, in mypy and in pyright. The one mark that pyright alone
knows is LiteralString, which mypy takes for str.
"""

from datetime import timedelta
from uuid import UUID

from portico import (
    Allow,
    Anyone,
    App,
    Ask,
    Audit,
    Call,
    Created,
    Error,
    Event,
    Form,
    From,
    Html,
    Idempotent,
    Invalidates,
    Keyset,
    Ok,
    OrgContext,
    Owns,
    Policy,
    Public,
    PublicContext,
    Raises,
    RateLimit,
    Redirect,
    Refine,
    Signature,
    TenantContext,
    User,
    UserContext,
    Versioned,
)
from tests.typing.shop import (
    INSERT,
    LISTING,
    Booked,
    Closed,
    NewVisit,
    Visit,
    app,
    book,
    cancel,
    export,
    find,
    front,
    get,
    health,
    module,
    site,
    stripe,
    theme,
)


# -- policies are typed values ----------------------------------------------------------------------------------------
@module.mutation("POST /a", Allow(1))  # type: ignore[arg-type]
async def number_for_permission(ctx: OrgContext) -> None: ...


@module.mutation("POST /b", RateLimit("1/m", counts="sometimes"))  # type: ignore[arg-type]
async def unknown_counting(ctx: OrgContext) -> None: ...


@module.mutation("POST /c", RateLimit())  # type: ignore[call-arg]
async def limit_without_a_rate(ctx: OrgContext) -> None: ...


@module.mutation("POST /d", "not a policy")  # type: ignore[arg-type]
async def word_for_a_policy(ctx: OrgContext) -> None: ...


@module.mutation("POST /e", Idempotent)  # type: ignore[arg-type]
async def class_for_a_policy(ctx: OrgContext) -> None: ...


@module.mutation("POST /f", Idempotent(required="yes"))  # type: ignore[arg-type]
async def word_for_a_switch(ctx: OrgContext) -> None: ...


@module.mutation("POST /g", Raises(ValueError))  # type: ignore[arg-type]
async def foreign_exception(ctx: OrgContext) -> None: ...


@module.mutation("POST /h", Owns())  # type: ignore[call-arg]
async def owner_of_nothing(ctx: OrgContext) -> None: ...


@module.mutation("POST /i", Versioned(table="visits", col="v"))  # type: ignore[call-arg]
async def unknown_setting(ctx: OrgContext) -> None: ...


@module.mutation("POST /j", Invalidates(1))  # type: ignore[arg-type]
async def number_for_a_tag(ctx: OrgContext) -> None: ...


@module.mutation("POST /k", Audit())  # type: ignore[call-arg]
async def nameless_audit(ctx: OrgContext) -> None: ...


@module.query("GET /l", Public())  # type: ignore[call-arg]
async def public_without_a_reason(ctx: PublicContext) -> None: ...


@module.mutation("POST /m", Created(201))  # type: ignore[arg-type]
async def number_for_a_path(ctx: OrgContext) -> None: ...


def now(ctx: OrgContext, value: str) -> Error | None: ...


@module.mutation("POST /n", Refine("notes", now))  # type: ignore[arg-type]
async def rule_that_is_not_async(ctx: OrgContext) -> None: ...


@module.mutation("POST /o", Form(page=health, then="/"))  # type: ignore[arg-type]
async def form_on_what_is_no_page(ctx: OrgContext) -> None: ...


Allow("visits:read").permission = "visits:*"  # type: ignore[misc]


# -- handlers ---------------------------------------------------------------------------------------------------------
@module.mutation("POST /p")  # type: ignore[type-var]
async def no_context(data: NewVisit) -> None: ...


@module.mutation("POST /q")  # type: ignore[arg-type]
def not_async(ctx: OrgContext) -> None: ...


@module.query("GET /r")  # type: ignore[arg-type]
async def no_parameter_at_all() -> None: ...


@module.query(route="GET /s")  # type: ignore[call-arg]
async def route_by_name(ctx: OrgContext) -> None: ...


# -- contexts promise what they say -----------------------------------------------------------------------------------
async def anybody(ctx: PublicContext) -> None:
    ctx.user.id  # type: ignore[union-attr]
    ctx.org.id  # type: ignore[union-attr]
    ctx.may("visits:read")  # type: ignore[attr-defined]
    await ctx.call(get, id=UUID(int=1))  # type: ignore[arg-type]
    await ctx.call(theme, dark=True)  # type: ignore[arg-type]


async def in_an_organization(ctx: TenantContext) -> None:
    ctx.user.id  # type: ignore[union-attr]
    await ctx.call(get, id=UUID(int=1))  # type: ignore[arg-type]
    ctx.emit("visit.booked")  # type: ignore[arg-type]
    ctx.emit(Booked)  # type: ignore[arg-type]


async def signed_in(ctx: UserContext) -> None:
    ctx.org.name  # type: ignore[union-attr]
    await ctx.call(front, slug="alpha")  # type: ignore[arg-type]
    await get(ctx, id=UUID(int=1))  # type: ignore[arg-type]


async def member(ctx: OrgContext) -> None:
    await ctx.call(get)  # type: ignore[call-arg]
    await ctx.call(get, id="1")  # type: ignore[arg-type]
    await ctx.call(get, number=UUID(int=1))  # type: ignore[call-arg]
    await ctx.call(member)  # type: ignore[arg-type]
    (await ctx.call(get, id=UUID(int=1))).price  # type: ignore[attr-defined]
    ctx.user = User(UUID(int=1))  # type: ignore[misc]
    ctx.answer.cookie("theme", "dark", max_age=60)  # type: ignore[arg-type]
    ctx.answer.cookie("theme", "dark", timedelta(days=1))  # type: ignore[call-arg]
    ctx.answer.header("X-Count", 1)  # type: ignore[arg-type]


# -- statements -------------------------------------------------------------------------------------------------------
async def statements(ctx: OrgContext, name: str) -> None:
    await ctx.db.execute(f"delete from visits where notes = '{name}'")  # pyright: ignore[reportArgumentType]
    await ctx.db.one("select * from visits where notes = '" + name + "'", Visit)  # pyright: ignore[reportArgumentType]
    await ctx.db.one(INSERT)  # type: ignore[call-arg]
    await ctx.db.all(INSERT, Visit, {"notes": name})  # type: ignore[arg-type]
    await ctx.db.page(INSERT, Visit, Keyset())  # type: ignore[arg-type]
    await ctx.db.page(LISTING, Visit, 1)  # type: ignore[arg-type]
    (await ctx.db.maybe(INSERT, Visit)).notes  # type: ignore[union-attr]


# -- calls in-process --------------------------------------------------------------------------------------------------
async def callers(alice: User, visit: NewVisit) -> None:
    caller = app.as_(alice)
    result = await caller.call(book, data=visit)
    result.data.id  # type: ignore[union-attr]
    await caller.call(cancel, id=UUID(int=1), version="1")  # type: ignore[arg-type]
    await caller.call(cancel, id=UUID(int=1))  # type: ignore[call-arg]
    await caller.call(book, visit=visit)  # type: ignore[call-arg]
    await caller.call(book, data=visit, key="k1")  # type: ignore[call-arg]
    await caller.call(member)  # type: ignore[arg-type]
    await caller.send(book, visit)  # type: ignore[arg-type]
    await caller.send(book, notes="")  # type: ignore[call-arg]
    await caller.call(export)  # type: ignore[arg-type]
    caller.stream(book)  # type: ignore[arg-type]
    caller.stream(export, since="today")  # type: ignore[arg-type]
    app.as_("alice")  # type: ignore[arg-type]
    app.as_(alice, org="alpha")  # type: ignore[arg-type]
    app.as_(alice, UUID(int=1))  # type: ignore[call-arg]
    wrong: Ok[int] = Ok("text")  # type: ignore[arg-type]


# -- errors, events, pages ---------------------------------------------------------------------------------------------
Closed()  # type: ignore[call-arg]
Closed("now")  # type: ignore[call-arg]
Closed(opens_at="now")  # type: ignore[arg-type]
Booked(x=1)  # type: ignore[call-arg]
Signature("github", secret="SHOP_SECRET")  # type: ignore[arg-type]
Signature("stripe")  # type: ignore[call-arg]
site.webhook("POST /webhooks/x", "stripe")  # type: ignore[arg-type]
stripe.on("invoice.paid", policies=["x"])  # type: ignore[list-item]
stripe.on("invoice.paid", attempts="many")  # type: ignore[arg-type]
Redirect()  # type: ignore[call-arg]
Html("front.html")  # type: ignore[call-arg]
From("body-part")  # type: ignore[arg-type]
site.form("/visits", book, page=find, then="/")  # type: ignore[arg-type]
site.form("/visits", book)  # type: ignore[call-arg]
App("shop", [module])  # type: ignore[call-arg]
App("shop", modules=module)  # type: ignore[arg-type]
App("shop", modules=[module], defaults=["100/m"])  # type: ignore[list-item]


class Nameless(Event):
    x: int


Nameless(x="one")  # type: ignore[arg-type]


class Loud(Policy):
    """A hook has one signature."""

    def decide(self, call: Call) -> str:  # type: ignore[override]
        return ""

    def ask(self) -> dict[str, Ask]:  # type: ignore[override]
        return {}
