"""How many people an organization's plan lets belong."""

from uuid import UUID

from portico import UserContext
from portico.core.context import call_of
from portico.core.quotas import COUNT_MEMBERS, MEMBERS, UNLIMITED
from portico.errors import QuotaExceeded

# Whoever joins at the same time waits, and then sees who has joined.
ALONE = "select pg_advisory_xact_lock(hashtextextended('portico.members/' || :org, 0))"


async def refuse_without_room(ctx: UserContext, plan: str, *, joined: UUID | None = None) -> None:
    """Raise QuotaExceeded where the plan of the organization has no room for one more.

    `joined` is the organization that the caller has joined in this transaction: they are counted already, and nobody
    else joins before its end.
    """
    quotas = call_of(ctx).services.quotas
    most = quotas.limit(plan, MEMBERS) if quotas.of_members else UNLIMITED
    if most == UNLIMITED:
        return
    if joined is not None:
        await ctx.db.execute(ALONE, org=str(joined))
    others = await ctx.db.one(COUNT_MEMBERS, int) - (joined is not None)
    if others >= most:
        raise QuotaExceeded(resource=MEMBERS, used=others, limit=most)
