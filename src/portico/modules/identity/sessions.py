"""One's open sessions: seen with their devices and places, ended one by one or all but this."""

from uuid import UUID

from portico import Anyone, Audit, Interactive, NotFound, RateLimit, UserContext
from portico.modules.identity.models import EndedSessions, OpenSession
from portico.modules.identity.module import identity
from portico.modules.identity.opening import forget_token

FIND = """
    select id, device, ip_prefix as place, method, created_at, last_used_at, expires_at,
           id is not distinct from :current as current, coalesce(drift, '[]')::jsonb as drifts
      from portico.sessions
     where user_id = :user_id and expires_at > now()
     order by current desc, last_used_at desc, id limit 100
"""
END = "delete from portico.sessions where user_id = :user_id and id = :id"
END_OTHERS = "delete from portico.sessions where user_id = :user_id and id is distinct from :current"


@identity.query("GET /sessions", Anyone("one's own sessions"), Interactive())
async def find_sessions(ctx: UserContext) -> list[OpenSession]:
    """Where one is signed in: the session in hand, and then the last used, 100 at most."""
    return await ctx.db.all(FIND, OpenSession, user_id=ctx.user.id, current=ctx.session_id)


@identity.mutation(
    "DELETE /sessions/{id}",
    Anyone("one's own sessions"),
    Interactive(),
    RateLimit("writes", fail="closed"),
    Audit("session.revoked", target="{id}"),
)
async def end_session(ctx: UserContext, id: UUID) -> None:
    """End one of one's own sessions; anybody else's is not found."""
    if not await ctx.db.execute(END, user_id=ctx.user.id, id=id):
        raise NotFound
    if id == ctx.session_id:
        forget_token(ctx)


@identity.mutation(
    "DELETE /sessions",
    Anyone("one's own sessions"),
    Interactive(),
    RateLimit("writes", fail="closed"),
    Audit("session.revoked", target=""),
)
async def end_other_sessions(ctx: UserContext) -> EndedSessions:
    """End every session of one's own but the one in hand."""
    ended = await ctx.db.execute(END_OTHERS, user_id=ctx.user.id, current=ctx.session_id)
    ctx.audit(sessions=ended)
    return EndedSessions(ended=ended)
