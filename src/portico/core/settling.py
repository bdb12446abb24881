"""Settle: several reads at once, each with a connection of its own, none of which takes the others down."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast, overload

from portico.core.action import Action
from portico.core.call import Call
from portico.core.context import PublicContext, call_of
from portico.core.reporting import about
from portico.core.value import Value
from portico.errors import Error, Misconfigured
from portico.ports.database import Transaction

P = ParamSpec("P")
A = TypeVar("A")
B = TypeVar("B")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
C = TypeVar("C", bound=PublicContext)
C_in = TypeVar("C_in", bound=PublicContext, contravariant=True)
AT_ONCE = 4
"""So many parts run at the same time, unless it is said otherwise: the connections belong to all callers."""
log = logging.getLogger("portico")


class Settled(Value, Generic[T_co]):
    """What became of a part: its value, or the default and why."""

    value: T_co
    error: Error | None = None


class Part(Generic[C_in, T_co]):
    """A read, its arguments, and what stands in for it where it fails."""

    __slots__ = ("_default", "_name", "_read")

    def __init__(self, name: str, read: Callable[[Any], Awaitable[Any]], default: object) -> None:
        """Made by `part`."""
        self._name, self._read, self._default = name, read, default

    async def run(self, ctx: C_in) -> Settled[T_co]:
        """Read; raises what goes wrong."""
        return Settled(await self._read(ctx))

    def failed(self, call: Call, problem: Exception) -> Settled[T_co]:
        """The default, and the error that the problem means; the log has all of it."""
        more = about(call, problem)
        if isinstance(problem, Error):
            log.warning("%s: its part %s failed: %s", call.action, self._name, problem.code, extra=more)
            return Settled(cast("T_co", self._default), problem)
        failure = call.services.database.explain(problem)
        log.error("%s: its part %s failed", call.action, self._name, exc_info=problem, extra=more)
        return Settled(cast("T_co", self._default), failure.error if failure else Error())


class Read(Part[C_in, T | None], Generic[C_in, T]):
    """A part whose default is None, until `otherwise` gives it another."""

    __slots__ = ()

    def otherwise(self, default: D, /) -> Part[C_in, T | D]:
        """The same part, with that in place of what fails."""
        return Part(self._name, self._read, default)


def part(read: Callable[Concatenate[C, P], Awaitable[T]], /, *args: P.args, **input: P.kwargs) -> Read[C, T]:
    """A part of `settle`: a query, or any async function whose first argument is the context, and its arguments."""
    if isinstance(read, Action):
        action: Action[Any, P, T] = read
        return Read(action.name, lambda ctx: ctx.call(action, *args, **input), None)
    name = getattr(read, "__qualname__", repr(read))
    return Read(name, lambda ctx: read(ctx, *args, **input), None)


@overload
async def settle(ctx: C, a: Part[C, A], /, *, at_once: int = AT_ONCE) -> tuple[Settled[A]]: ...
@overload
async def settle(
    ctx: C, a: Part[C, A], b: Part[C, B], /, *, at_once: int = AT_ONCE
) -> tuple[Settled[A], Settled[B]]: ...
@overload
async def settle(
    ctx: C, a: Part[C, A], b: Part[C, B], c: Part[C, D], /, *, at_once: int = AT_ONCE
) -> tuple[Settled[A], Settled[B], Settled[D]]: ...
@overload
async def settle(
    ctx: C, a: Part[C, A], b: Part[C, B], c: Part[C, D], d: Part[C, E], /, *, at_once: int = AT_ONCE
) -> tuple[Settled[A], Settled[B], Settled[D], Settled[E]]: ...
@overload
async def settle(  # parts, each with its type
    ctx: C, a: Part[C, A], b: Part[C, B], c: Part[C, D], d: Part[C, E], e: Part[C, F], /, *, at_once: int = AT_ONCE
) -> tuple[Settled[A], Settled[B], Settled[D], Settled[E], Settled[F]]: ...
@overload
async def settle(ctx: C, /, *parts: Part[C, T], at_once: int = AT_ONCE) -> tuple[Settled[T], ...]: ...


async def settle(ctx: C, /, *parts: Part[C, Any], at_once: int = AT_ONCE) -> tuple[Settled[Any], ...]:
    """Run several reads at once; each one's value or error, in their order.

    Up to `at_once` run at the same time: one on the call's own connection, the others each on a free one, as the same
    caller in the same organization, reading only. Where no connection is free they run one after another. Writes of the
    call that are not committed are seen on its own connection alone.

    Raises Misconfigured where no transaction is open, as under `External`.
    """
    call, results = call_of(ctx), dict[int, Settled[Any]]()
    if call.transaction is None:
        message = f"{call.action}: settle reads beside the call's transaction, and none is open here."
        raise Misconfigured(message)
    waiting = deque(enumerate(parts))
    settling = Settling(ctx, call.transaction, waiting, results)
    async with asyncio.TaskGroup() as group:
        for _ in range(min(at_once, len(parts)) - 1):
            group.create_task(settling.beside())
        await settling.here()
    return tuple(results[i] for i in range(len(parts)))


class Settling(Value):
    """The parts of one `settle` on their way: whoever is free takes the next."""

    ctx: PublicContext
    own: Transaction
    waiting: deque[tuple[int, Part[Any, Any]]]
    results: dict[int, Settled[Any]]

    async def here(self) -> None:
        """Part by part on the call's own connection; what a part does there is undone, in the database too."""
        while self.waiting:
            number, read = self.waiting.popleft()
            self.results[number] = await self._settle(read, self.own, undone=True)

    async def beside(self) -> None:
        """Part by part on free connections, as long as there is one."""
        call = call_of(self.ctx)
        while self.waiting and (other := await call.services.database.spare(self.own, call.facts)) is not None:
            try:
                if self.waiting:
                    number, read = self.waiting.popleft()
                    self.results[number] = await self._settle(read, other, undone=False)
            finally:
                await other.rollback()

    async def _settle(self, read: Part[Any, Any], transaction: Transaction, *, undone: bool) -> Settled[Any]:
        """A part's value, or its default; what it notes is the call's, once it has come to its end."""
        call = call_of(self.ctx)
        inner = call.inner(call.action)
        inner.noted = None
        inner.transaction = transaction
        if self.own.read_only:  # else what others read may lack what the call has written
            inner.notes.loaded = call.notes.loaded
        ctx = type(self.ctx)(inner)
        try:
            settled = await (_undone(read, ctx, transaction) if undone else read.run(ctx))
        except Exception as problem:  # noqa: BLE001  # one part must not take the others down
            return read.failed(call, problem)
        call.notes.take(inner.notes)
        return settled


async def _undone(read: Part[Any, Any], ctx: PublicContext, transaction: Transaction) -> Settled[Any]:
    async with transaction.savepoint():
        await transaction.db.execute("set transaction read only")
        return await read.run(ctx)
