"""Audit rows of calls that may not write: noted in a transaction of their own, once the call's is over."""

from pydantic_core import from_json, to_json

from portico.core.binding import agent_of
from portico.core.call import Call
from portico.ports.database import Noted


async def note(call: Call) -> None:
    """Write the call's audit rows, where it has any, under the application's proof."""
    if call.noted is None or not call.noted.audits:
        return
    rows = _rows_of(call)
    await call.services.database.record(Noted(rows, call.services.prove(b"noted" + rows.encode())))


def _rows_of(call: Call) -> str:
    """The rows (JSON), and whose they are."""
    request, facts = call.request, call.facts
    rows = zip(call.notes.audits[::3], call.notes.audits[1::3], call.notes.audits[2::3], strict=True)
    return to_json(
        {
            "org_id": facts.org_id,
            "user_id": facts.user_id,
            "ip": request.ip,
            "user_agent": agent_of(request.headers),
            "request_id": request.id,
            "rows": [{"action": a, "target": t, "metadata": from_json(m or "{}")} for a, t, m in rows],
        }
    ).decode()
