"""An application that plans parties in three steps, and one that does so for an organization."""

from pathlib import Path
from uuid import UUID

from pydantic import BaseModel, Field, SecretStr

from portico import Anyone, App, Conflict, Html, Module, OrgContext, Raises, UserContext
from portico.modules import identity, organizations
from portico.modules.drafts import Draft


class Who(BaseModel):
    """Whose party it is."""

    host: str = Field(min_length=1, max_length=50)


class Guests(BaseModel):
    """Who comes."""

    names: list[str] = Field(min_length=1, max_length=20_000)


class Day(BaseModel):
    """When it is."""

    year: int = Field(ge=2000)


class Course(BaseModel):
    """What is eaten at one time."""

    main_dish: str = Field(alias="mainDish")


class Menu(BaseModel):
    """What is eaten, with names as browsers like them."""

    cook_name: str = Field(alias="cookName")
    courses: list[Course]


class Vault(BaseModel):
    """What no draft may keep."""

    code: SecretStr


class Party(BaseModel):
    """A planned party."""

    id: UUID
    host: str
    guests: int
    year: int


class NoParty(Conflict, code="BIZ_NO_PARTY"):
    """Nobody may celebrate that year."""


party = Draft("party", steps=(Who, Guests, Day))
office_party = Draft("office_party", Anyone("any member plans"), steps=(Who, Guests), context=OrgContext)
dinner = Draft("dinner", steps=(Menu,))
pages = Module("party_pages", prefix="")


@party.finalize(Raises(NoParty))
async def celebrate(ctx: UserContext, *, who: Who, guests: Guests, day: Day) -> Party:
    """Celebrate."""
    if day.year == 2020:
        raise NoParty
    return Party(id=ctx.new_id(), host=who.host, guests=len(guests.names), year=day.year)


@office_party.finalize()
async def invite(ctx: OrgContext, who: Who) -> str:
    """Invite the office."""
    return f"{who.host} at {ctx.org.name}"


@dinner.finalize()
async def dine(_ctx: UserContext, menu: Menu) -> str:
    """Eat."""
    return f"{menu.cook_name}: {menu.courses[0].main_dish}"


@pages.query("GET /party/guests", Anyone("one's own draft"))
async def guests_page(ctx: UserContext) -> Html:
    """The second step."""
    return Html("guests.html", {"draft": await party.progress(ctx)})


pages.form("/party/guests", party.saves["guests"], page=guests_page, then="/party/day")
pages.form("/party", celebrate, page=guests_page, then="/parties/{result.id}")


def make_app(templates: Path) -> App:
    """The application; its one template is written by the test."""
    return App("party", modules=[identity, organizations, party, office_party, dinner, pages], templates=templates)
