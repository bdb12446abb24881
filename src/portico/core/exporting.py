"""Exports: rows that leave while they are read, in a transaction that lasts until the last one has left.

The named exception to commit before the first byte. All else is as with any call: the same gate, the same order of
refusals, one transaction, READ ONLY. A client that leaves, or a time that is over, ends it and frees its connection.
"""

import asyncio
import logging

from portico.core.call import Call
from portico.core.draining import note_rows
from portico.core.noting import note
from portico.core.pipeline import Pipeline, Receive
from portico.core.plan import Plan
from portico.core.reporting import about
from portico.core.result import Ok, Result
from portico.core.sink import Sink

LAST = 5.0
"""Seconds that the record of a broken off export may take."""
log = logging.getLogger("portico")


async def run_export(pipeline: Pipeline, plan: Plan, call: Call, *, receive: Receive, sink: Sink) -> Result[int]:
    """One export from its arrival to its last row; what has left is on record, however it ends."""
    call.sink = sink
    try:
        result: Result[int] = await pipeline.run(plan, call, receive)
    except BaseException:
        await _note_part(plan, call, sink.sent)
        raise
    if result.error is not None:
        await _note_part(plan, call, sink.sent)
    return result


async def _note_part(plan: Plan, call: Call, rows: int) -> None:
    """Put on record what has left of an export that was not completed."""
    if not rows:
        return
    call.noted = None
    note_rows(call, rows, complete=False)
    for policy in plan.records:
        policy.record(call, Ok(rows))
    try:
        async with asyncio.timeout(LAST):
            await note(call)
    except Exception:
        log.exception("the audit of a broken off %s was lost", plan.action.name, extra=about(call, category="audit"))
