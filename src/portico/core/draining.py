"""The handler of a stream, as the pipeline runs it: inside the transaction, until the last row has left."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import TypeAlias

from portico.core.call import Call
from portico.core.context import PublicContext, call_of
from portico.core.stream import rows_of
from portico.errors import Misconfigured
from portico.ports.streams import Rows

Source: TypeAlias = Callable[..., "AsyncIterator[object] | Awaitable[AsyncIterator[object]]"]


class Drain:
    """Has the call's sink take what the function gives."""

    __slots__ = ("_source",)

    def __init__(self, source: Source) -> None:
        """`source` yields rows, or returns what does."""
        self._source = source

    async def __call__(self, context: PublicContext, **arguments: object) -> int:
        """How many rows have left."""
        call = call_of(context)
        sink = call.sink
        if sink is None:
            raise Misconfigured(f"{call.action} is a stream; draw its rows with app.as_(…).stream(…).")
        rows = await rows_of(self._source(context, **arguments))
        try:
            await sink.drain(rows)
        finally:
            if isinstance(rows, AsyncGenerator | Rows):
                await rows.aclose()
        note_rows(call, sink.sent)
        return sink.sent


def note_rows(call: Call, rows: int, *, complete: bool = True) -> None:
    """Tell the audit how many rows have left, and whether that was all."""
    noted = call.found.setdefault("audit", {})
    if isinstance(noted, dict):
        noted |= {"rows": rows} if complete else {"rows": rows, "complete": False}
