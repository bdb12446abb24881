"""The audit of an organization, newest first."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from portico import Allow, Keyset, Listing, Module, OrgContext, Slice
from portico.modules.audit.models import AuditFilter, AuditRecord, Sealed

if TYPE_CHECKING:
    from sqlalchemy import ColumnClause

audit = Module("audit")

SEALED = """
    select count(*) as seals, coalesce(sum(records), 0) as records, max(last_id) as upto, max(sealed_at) as sealed_at,
           (select encode(h.hash, 'hex') from portico.audit_seals h where h.chain = :org order by h.number desc limit 1)
             as head
      from portico.audit_seals where chain = :org
"""


@audit.query("GET /audit", Allow("audit:read"))
async def find(ctx: OrgContext, filter: AuditFilter, page: Keyset) -> Slice[AuditRecord]:
    """List what was done and refused, the newest first."""
    return await ctx.db.page(_records(), AuditRecord, page, filter)


@audit.query("GET /audit/seals", Allow("audit:read"))
async def find_seals(ctx: OrgContext) -> Sealed:
    """Tell how far the audit is sealed."""
    return await ctx.db.one(SEALED, Sealed, org=ctx.org.id)


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
