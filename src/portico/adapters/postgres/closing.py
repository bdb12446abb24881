"""The statements that write a call's journal, their values written out."""

from functools import lru_cache

from portico.adapters.postgres.literals import octets, strings, text, texts
from portico.ports.database import Change, Journal
from portico.ports.uuid7 import uuid7

CLOSE = "call portico.close_v5"
WORK = "select portico.work_v1({}, {}, {}, {}); "
TAKE = "call portico.take_usage_v2"
AUDIT, EVENT = 3, 2
"""How many values of a journal an audit row and an event are."""
NO_AUDIT, NO_EVENT, NO_MORE = (None, None, None), (None, None, None), "null, null"
NO_STORED = "null, null, null, null, null"


def closing_of(journal: Journal) -> str:
    """What writes the journal: in one trip with COMMIT no values can travel beside it."""
    audits, events, request_id, ip, agent, stored, *_ = journal
    # Its id from here: each UUID that PostgreSQL makes opens the system's randomness, in some of its builds.
    event = (events[0], uuid7(), events[1]) if events else NO_EVENT
    first = strings((*(audits[:AUDIT] or NO_AUDIT), *event))
    alone = len(audits) <= AUDIT and len(events) <= EVENT
    more = NO_MORE if alone else f"{texts(audits[AUDIT:])}, {texts(events[EVENT:])}"
    kept = NO_STORED
    if stored is not None:
        digest, fingerprint, status, headers, body = stored
        kept = f"{octets(digest)}, {octets(fingerprint)}, '{status:d}', {text(headers)}, {octets(body)}"
    close = f"{CLOSE}({first}, {strings((request_id, ip, agent))}, {more}, {kept}); "
    if journal.jobs is not None or journal.finished is not None:
        close += _work_of(journal)
    for change, proof in journal.usage:  # last: others wait for the row of the quota
        close += f"{TAKE}({_taken(change)}, {octets(proof)}); "
    return close


@lru_cache(maxsize=1024)
def _taken(change: Change) -> str:
    """A change; most calls take what others have taken before."""
    return strings([str(member) for member in change])


def _work_of(journal: Journal) -> str:
    """The statement that writes what is enqueued, and which job is done."""
    proof = octets(journal.jobs_proof) if journal.jobs_proof is not None else "null"
    job, lease = journal.finished or (None, None)
    done = f"'{job}', '{lease}'" if job is not None else "null, null"
    return WORK.format(text(journal.jobs), proof, text(journal.request_id), done)
