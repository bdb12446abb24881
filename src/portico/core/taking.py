"""What a call takes from its organization's quotas."""

from portico.core.call import Call
from portico.core.quotas import UNLIMITED, Change, Ledger
from portico.ports.database import Usage


def ledger(call: Call) -> Ledger:
    """The ledger of the call's transaction, which calls within calls share."""
    noted = call.noted
    return _opened(call) if noted is None or noted.usage is None else noted.usage


def _opened(call: Call) -> Ledger:
    facts = call.facts
    call.notes.usage = book = Ledger(facts.quota, call.services.quotas.of(facts.org_plan or "").limits)
    return book


def usage_of(call: Call) -> Usage | None:
    """What the call comes to, one change for each resource, with the proof that the application says so."""
    book = ledger(call)
    if not book.changes:
        return None
    changes = f"[{','.join(map(told, book.summed()))}]"
    message = f"take-usage/{call.facts.org_id}/{book.transaction}/{changes}"
    return Usage(changes, call.services.prove(message.encode()))


def told(change: Change) -> str:
    """A change as JSON: in the name of a resource nothing has to be escaped."""
    resource, amount, most, opening = change
    limit, before = "null" if most == UNLIMITED else most, "null" if opening is None else opening
    return f'{{"resource":"{resource}","amount":{amount:d},"most":{limit},"opening":{before}}}'
