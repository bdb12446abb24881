"""Where one is signed in."""

from portico import Anyone, Html, Interactive, UserContext
from portico.modules.identity import end_other_sessions, end_session, find_sessions
from salon.account.module import account
from salon.frame import framed


@account.query("GET /account/sessions", Anyone("one's own sessions"), Interactive())
async def sessions(ctx: UserContext, done: str = "") -> Html:
    """Show one's sessions with their devices, places and last use."""
    return await framed(ctx, "account/sessions.html", {"sessions": await ctx.call(find_sessions)}, done=done)


account.form("/account/sessions/{id}/end", end_session, page=sessions, then="/account/sessions?done=session-ended")
account.form("/account/sessions", end_other_sessions, page=sessions, then="/account/sessions?done=others-ended")
