"""Pages of the office: a desk with a form, a paper with another, a door."""

from uuid import UUID

from pydantic import BaseModel, Field

from portico import (
    Allow,
    Anyone,
    FieldError,
    Form,
    Html,
    Idempotent,
    Invalid,
    Module,
    NotFound,
    OrgContext,
    Public,
    PublicContext,
    Raises,
    RateLimit,
    Redirect,
    Sudo,
    UserContext,
)
from portico.modules.identity import change_password, confirm_password
from portico.modules.identity import sign_in as identity_sign_in
from portico.modules.identity import sign_out as identity_sign_out
from tests.integration.office.papers import GET, NewPaper, Paper, TitleTaken, create, rename

pages = Module("pages", prefix="")


class Filed(BaseModel):
    """What the form leads to."""

    pages: int


class Badge(BaseModel):
    """What is shown once."""

    text: str


@pages.query("GET /sign-in", Public("one signs in here"))
async def door(_ctx: PublicContext) -> Html:
    """The sign-in page."""
    return Html("sign_in.html", {})


@pages.query("GET /password", Public("a test"))
async def password(_ctx: PublicContext) -> Html:
    """A form for another password, whose template puts back what it is given."""
    return Html("password.html", {})


@pages.query("GET /desk", Allow("papers:read"))
async def desk(ctx: OrgContext) -> Html:
    """The papers, and a form for another."""
    titles = await ctx.db.all("select title from papers order by title", str)
    return Html("desk.html", {"org": ctx.org, "titles": titles})


@pages.mutation(
    "POST /desk",
    Allow("papers:write"),
    Idempotent(required=True),
    Raises(TitleTaken),
    Form(page=desk, then="/desk?filed={result.pages}"),
)
async def file_by_hand(ctx: OrgContext, data: NewPaper) -> Filed:
    """File a paper from the page."""
    paper = await ctx.call(create, data=data)
    return Filed(pages=paper.pages)


@pages.query("GET /desk/{id}", Allow("papers:read"))
async def paper(ctx: OrgContext, id: UUID) -> Html:
    """One paper, and a form to rename it."""
    return Html("paper.html", {"paper": await ctx.db.one(GET, Paper, id=id)})


@pages.query("GET /gone", Public("a test"))
async def gone(_ctx: PublicContext) -> Html:
    """A page that is not there."""
    raise NotFound


@pages.query("GET /pay", Public("a test"))
async def pay(_ctx: PublicContext) -> Html:
    """A page with a form that leads away."""
    return Html("sign_in.html", {})


@pages.mutation("POST /pay", Public("a test"), RateLimit("50/m", by="ip"), Idempotent(), Form(page=pay, then="/"))
async def pay_elsewhere(_ctx: PublicContext, amount: int) -> Redirect:
    """Leads to somebody else's page, on purpose."""
    return Redirect(f"https://pay.example/?amount={amount}", external=True)


@pages.query("GET /home", Anyone("a test"))
async def home(ctx: UserContext) -> Redirect:
    """Leads where one was going."""
    return Redirect(f"/desk?who={ctx.user.name or 'nobody in particular'}")


@pages.query("GET /again", Anyone("a test"))
async def again(_ctx: UserContext) -> Html:
    """Asks for the password again."""
    return Html("sign_in.html", {})


@pages.query("GET /renew", Anyone("a test"))
async def renewing(_ctx: UserContext) -> Html:
    """Stays in front of one, whose session gets another token."""
    return Html("sign_in.html", {})


@pages.query("GET /safe", Anyone("a test"), Sudo())
async def safe(_ctx: UserContext) -> Html:
    """A page that wants a password shown a moment ago."""
    return Html("safe.html", {})


@pages.query("GET /hatch", Anyone("a test"))
async def hatch(_ctx: UserContext) -> Html:
    """The same form, on a page that wants less than the form does."""
    return Html("safe.html", {})


@pages.mutation("POST /badges", Anyone("a test"), Sudo())
async def make_badge(ctx: UserContext, names: list[str]) -> Badge:
    """Something that is shown once; it renews what the browser holds."""
    ctx.answer.cookie("badge", "new")
    return Badge(text=f"{'+'.join(names)} {ctx.new_id()}")


DOOR = ("/code?ticket={result.second_factor}&next={next}", "/code?ticket={result.second_factor}", "{next}", "/desk")
pages.form("/sign-in", identity_sign_in, page=door, then=DOOR)
pages.form("/again", confirm_password, page=again, then=("{next}", "/desk"))
pages.form("/renew", confirm_password, page=renewing)
pages.form("/badges", make_badge, page=hatch)
pages.form("/password", change_password, page=password, then="/desk")
pages.form("/sign-out", identity_sign_out, page=door, then="/sign-in")
pages.form("/desk/{id}", rename, page=paper, then="/desk/{id}")


class Row(BaseModel):
    """One line of an order."""

    title: str = Field(min_length=1, max_length=10)
    pages: int = Field(1, ge=1)


class Order(BaseModel):
    """Something nested."""

    customer: Row
    rows: list[Row] = Field(min_length=1)
    urgent: bool = False
    note: str | None = None


@pages.query("GET /order", Public("a test"))
async def order_page(_ctx: PublicContext) -> Html:
    """Two forms, drawn by their actions."""
    return Html("order.html", {})


@pages.mutation(
    "POST /order", Public("a test"), RateLimit("1000/m", by="ip"), Form(page=order_page, then="/order?n={result.pages}")
)
async def place_order(_ctx: PublicContext, data: Order) -> Filed:
    """Take it; what is urgent waits at the door."""
    if data.urgent:
        raise Invalid(errors={"rows.0.pages": [FieldError("VAL_TOO_LARGE", {"limit": 1})]})
    return Filed(pages=len(data.rows) if data.note is None else 0)


@pages.mutation("POST /leave", Public("a test"), RateLimit("1000/m", by="ip"), Form(page=order_page, then="/desk"))
async def leave(_ctx: PublicContext) -> None:
    """Go elsewhere."""
