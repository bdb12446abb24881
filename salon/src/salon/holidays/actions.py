"""Holidays: look them up elsewhere, take a year over, list those of the business."""

from pydantic_core import to_jsonable_python
from sqlalchemy import bindparam, extract, select

from portico import (
    Allow,
    Audit,
    External,
    Html,
    Idempotent,
    Invalidates,
    Module,
    OrgContext,
    RateLimit,
    Retry,
    Tries,
)
from salon.frame import framed
from salon.holidays.calendar import published
from salon.holidays.models import Holiday, Imported, Lookup, Wanted, Year
from salon.holidays.tables import holidays

module = Module("holidays")
pages = Module("holiday_pages", prefix="")

LIST = (
    select(holidays.c.day, holidays.c.name)
    .where(extract("year", holidays.c.day) == bindparam("year"))
    .order_by(holidays.c.day)
    .limit(400)
)
TAKE = """
    insert into holidays (day, name)
    select d.day, d.name from jsonb_to_recordset(cast(:holidays as jsonb)) as d (day date, name text)
    on conflict on constraint holidays_day_key do update set name = excluded.name
"""
UNKNOWN = Lookup(known=False, holidays=[])
QUICKLY = Tries(attempts=2, base=0.2, cap=1.0)


@module.query("GET /holidays", Allow("holidays:read"))
async def find(ctx: OrgContext, year: Year) -> list[Holiday]:
    """List the holidays of a year that the business has taken over."""
    return await ctx.db.all(LIST, Holiday, year=year)


@module.query(
    "GET /holidays/lookup",
    Allow("holidays:read"),
    RateLimit("30/m"),
    External("holidays", timeout=10, fallback=UNKNOWN),
    Retry(QUICKLY),
)
async def look_up(ctx: OrgContext, wanted: Wanted) -> Lookup:
    """Look a year up elsewhere; where the calendar is out of reach, its holidays are unknown."""
    return Lookup(known=True, holidays=await published(wanted))


@module.mutation(
    "POST /holidays/import",
    Allow("holidays:import"),
    RateLimit("expensive"),
    External("holidays", timeout=20),
    Retry(),
    Idempotent(required=True),
    Audit("holidays.imported", target="{country} {year}"),
    Invalidates("holidays"),
)
async def import_year(ctx: OrgContext, wanted: Wanted) -> Imported:
    """Take a year over from the calendar elsewhere; what is there already gets the calendar's name."""
    found = await published(wanted)
    taken = await ctx.db.execute(TAKE, holidays=to_jsonable_python(found))
    return Imported(year=wanted.year, taken=taken)


@pages.query("GET /holidays", Allow("holidays:read"))
async def show(ctx: OrgContext, year: Year | None = None) -> Html:
    """Show the business's holidays of a year, and the form that takes a year over."""
    shown = year or ctx.now.year
    return await framed(ctx, "holidays.html", {"year": shown, "holidays": await ctx.db.all(LIST, Holiday, year=shown)})


pages.form("/holidays", import_year, page=show, then="/holidays?year={result.year}")
