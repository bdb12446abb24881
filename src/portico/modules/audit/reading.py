"""The audit of an organization, newest first."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from portico import Allow, Keyset, Listing, Module, OrgContext, Slice
from portico.modules.audit.models import AuditFilter, AuditRecord

if TYPE_CHECKING:
    from sqlalchemy import ColumnClause

audit = Module("audit")


@audit.query("GET /audit", Allow("audit:read"))
async def find(ctx: OrgContext, filter: AuditFilter, page: Keyset) -> Slice[AuditRecord]:
    """List what was done and refused, the newest first."""
    return await ctx.db.page(_records(), AuditRecord, page, filter)


@lru_cache(maxsize=1)
def _records() -> Listing:
    """In the order of writing, which is that of the index; row level security keeps to the organization."""
    from sqlalchemy import BigInteger, DateTime, bindparam, column, select, table  # loads when it is used

    columns = (column("id", BigInteger), column("at", DateTime(timezone=True)))
    others: list[ColumnClause[Any]] = [column(name) for name in AuditRecord.model_fields if name not in {"id", "at"}]
    records = table("audit", *columns, *others, schema="portico").c
    same = {name: records[name] == bindparam(name) for name in ("action", "user_id", "target", "outcome", "request_id")}
    since, until = (bindparam(name, type_=DateTime(timezone=True)) for name in ("since", "until"))
    return Listing(
        select(*(records[name] for name in AuditRecord.model_fields)),
        order=(records.id.desc(),),
        where={**same, "since": records.at >= since, "until": records.at < until},
    )
