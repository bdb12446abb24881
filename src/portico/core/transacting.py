"""Parts of a call that are done or undone together: a savepoint, or, outside of a transaction, a whole one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from portico.core.call import Call
from portico.core.errand import Errand
from portico.core.journal import announce, part_of_journal
from portico.errors import Misconfigured


@asynccontextmanager
async def part_of(call: Call) -> AsyncIterator[None]:
    """A savepoint of the open transaction; where the call works outside of any, one of its own."""
    if call.transaction is None:
        if call.errand is None:
            raise Misconfigured(f"{call.action}: a savepoint needs the call's transaction, and none is open here.")
        async with whole_transaction(call, call.errand):
            yield
        return
    mark = call.notes.mark
    try:
        async with call.transaction.savepoint():
            yield
    except BaseException:
        call.notes.rewind(mark)
        raise


def key_outside(call: Call) -> str:
    """The key for the service that the call's action names; raises Misconfigured where it names none."""
    if call.errand is not None:
        return call.errand.key
    if call.live:
        message = f'{call.action} has no key for another service: write External("name") among its policies.'
        raise Misconfigured(message)
    return "a-test"


@asynccontextmanager
async def whole_transaction(call: Call, errand: Errand) -> AsyncIterator[None]:
    """A transaction of its own: what is noted inside is committed with it, what fails inside is undone with it."""
    mark = call.notes.mark
    try:
        async with errand.outside.entered(errand.standing, read_only=errand.read_only) as transaction:
            call.transaction = transaction
            yield
            journal = part_of_journal(call, mark)
            if not errand.read_only:
                errand.trail.wrote |= journal is not None or await errand.outside.wrote(transaction)
            await transaction.commit(journal)
    except BaseException:
        call.notes.rewind(mark)
        raise
    finally:
        call.transaction = None
    announce(call, since=mark)
    call.notes.forget_done(mark)
