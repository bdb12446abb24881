"""What a call takes from its organization's quotas."""

from portico.core.call import Call
from portico.core.quotas import Change, Ledger
from portico.ports.database import Usage


def ledger(call: Call) -> Ledger:
    """The ledger of the call's transaction, which calls within calls share."""
    usage = call.notes.usage
    if not usage:
        usage.append(Ledger(call.facts.quota))
    return usage[0]


def usage_of(call: Call) -> Usage | None:
    """What the call comes to, one change for each resource, with the proof that the application says so."""
    book, totals = ledger(call), dict[str, Change]()
    if not book.changes:
        return None
    for change in book.changes:
        before = totals.get(change.resource)
        totals[change.resource] = change if before is None else before._replace(amount=before.amount + change.amount)
    changes = f"[{','.join([totals[resource].told for resource in sorted(totals)])}]"
    message = f"take-usage/{call.facts.org_id}/{book.transaction}/{changes}"
    return Usage(changes, call.services.prove(message.encode()))
