"""What was done and refused in the organization."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, StringConstraints

from portico import Allow, Html, Interactive, Keyset, Numbered, OrgContext
from portico.modules.audit import AuditFilter, Outcome, find, find_seals
from portico.modules.organizations import Member, find_members
from salon.appointments.models import Day
from salon.frame import framed
from salon.team.module import team

PAGE = 50
MOST = 100
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


def _or_none(value: object) -> object:
    """A form sends what is left empty, too."""
    return value or None


class Wanted(BaseModel):
    """What the page's form asks for; days are days in the organization's time zone."""

    action: Word = ""
    target: Word = ""
    request: Word = ""
    who: Annotated[UUID | None, BeforeValidator(_or_none)] = None
    outcome: Annotated[Outcome | None, BeforeValidator(_or_none)] = None
    first: Annotated[Day | None, BeforeValidator(_or_none)] = None
    last: Annotated[Day | None, BeforeValidator(_or_none)] = None

    def filter(self, zone: ZoneInfo) -> AuditFilter:
        """As the audit is asked."""
        return AuditFilter(
            action=self.action or None,
            target=self.target or None,
            request_id=self.request or None,
            user_id=self.who,
            outcome=self.outcome,
            since=_midnight(self.first, zone) if self.first else None,
            until=_midnight(self.last + timedelta(days=1), zone) if self.last else None,
        )


@team.query("GET /organization/audit", Allow("audit:read"), Interactive())
async def history(ctx: OrgContext, wanted: Wanted, page: Keyset) -> Html:
    """Show the audit, the newest first, with a form to search it."""
    zone = ZoneInfo(ctx.org.timezone)
    records = await ctx.call(find, filter=wanted.filter(zone), page=page.model_copy(update={"limit": PAGE}))
    people, sealed = await _people(ctx), await ctx.call(find_seals)
    given = wanted.model_dump(mode="json", exclude_defaults=True)
    values = {"records": records, "wanted": wanted, "people": people, "given": given, "sealed": sealed}
    values["continued"] = page.after is not None
    return await framed(ctx, "team/audit.html", values)


async def _people(ctx: OrgContext) -> dict[UUID, Member]:
    """Who may have done it, as far as the reader may know."""
    if not ctx.may("members:read"):
        return {}
    members = await ctx.call(find_members, id=ctx.org.id, at=Numbered(limit=MOST))
    return {member.user_id: member for member in members.data}


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
