"""A stream: one typed function that gives many values, and its policies."""

from collections.abc import AsyncIterator, Awaitable
from typing import ParamSpec, TypeVar, cast, get_args, get_origin

from portico.core.action import Declared
from portico.core.call import Call
from portico.errors import Misconfigured

P = ParamSpec("P")
T_co = TypeVar("T_co", covariant=True)
C_in = TypeVar("C_in", contravariant=True)


class Stream(Declared[C_in, P, T_co]):
    """A typed function that gives rows, and its policies; called directly it is the bare function, for unit tests."""

    async def __call__(self, ctx: C_in, /, *args: P.args, **input: P.kwargs) -> AsyncIterator[T_co]:
        """The rows of the bare function, with no policy: for unit tests with a context of the harness.

        Raises Misconfigured inside a running call, where it would skip the stream's policies.
        """
        call = getattr(ctx, "_call", None)
        if isinstance(call, Call) and call.live:
            message = f"{self.name} called directly skips its policies; share a function that both of them call."
            raise Misconfigured(message)
        async for row in await rows_of(self.handler(ctx, *args, **input)):
            yield cast("T_co", row)


async def rows_of(given: AsyncIterator[object] | Awaitable[AsyncIterator[object]]) -> AsyncIterator[object]:
    """What a handler gives: it yields rows, or returns what does."""
    return await given if isinstance(given, Awaitable) else given


def row_of(returns: object) -> object:
    """The type of a stream's rows; raises Misconfigured where it does not return any."""
    origin = get_origin(returns)
    if not (isinstance(origin, type) and issubclass(origin, AsyncIterator)):
        raise Misconfigured("a stream gives rows; write -> AsyncIterator[Thing]")
    return get_args(returns)[0]
