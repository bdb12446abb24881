"""What a call takes from its organization's quotas."""

from collections.abc import Sequence
from functools import lru_cache

from portico.core.call import Call
from portico.core.quotas import Ledger
from portico.ports.database import Change, Usage


def ledger(call: Call) -> Ledger:
    """The ledger of the call's transaction, which calls within calls share."""
    noted = call.noted
    return _opened(call) if noted is None or noted.usage is None else noted.usage


def _opened(call: Call) -> Ledger:
    facts = call.facts
    call.notes.usage = book = Ledger(facts.quota, call.services.quotas.of(facts.org_plan or "").limits)
    return book


def usage_of(call: Call) -> Sequence[Usage]:
    """What the call comes to, one change for each resource, each with the proof that the application says so."""
    book = ledger(call)
    if not book.changes:
        return ()
    prove, begin = call.services.prove, f"take-usage/{call.facts.org_id!s}/{book.transaction}/"
    return [(change, prove(f"{begin}{told(change)}".encode())) for change in book.summed()]


@lru_cache(maxsize=1024)
def told(change: Change) -> str:
    """A change as its proof covers it; most calls take what others have taken before."""
    resource, amount, most, opening = change
    return f"{resource}/{amount}/{most}/{opening}"
