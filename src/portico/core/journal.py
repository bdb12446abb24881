"""The journal of a call: all that it leaves behind, as the close takes it; and what follows its commit."""

from collections.abc import Mapping, Sequence

from pydantic_core import to_json

from portico.core.binding import agent_of
from portico.core.call import Call
from portico.core.notes import Mark
from portico.core.taking import usage_of
from portico.errors import Misconfigured
from portico.ports.database import Journal, Stored, journal_made, stored_made

FROM_THE_BEGINNING: Mark = (0, 0, 0, 0, 0, 0)


def journal_of(call: Call, *, read_only: bool = False) -> Journal | None:
    """All that the call leaves behind; None where that is nothing.

    The audit rows of a call that may not write are none of it: they are noted after it.
    """
    stored, notes = answer_of(call), call.noted
    if notes is None:
        if stored is None and call.job is None:
            return None
        journal = Journal([], [], *_told(call), stored)
    elif not (stored or call.job or notes.leaves(audits=not read_only)):
        return None
    else:
        usage = usage_of(call) if notes.usage else ()
        journal = journal_made((notes.audits, notes.events, *_told(call), stored, None, None, None, usage))
        if notes.jobs or notes.regardless:
            journal = _with_jobs(call, journal, [*notes.jobs, *notes.regardless])
    return journal._replace(finished=(call.job.id, call.job.lease)) if call.job else journal


def part_of_journal(call: Call, since: Mark, stored: Stored | None = None) -> Journal | None:
    """What was noted since, and an answer; the job in hand goes on. None where that is nothing."""
    notes = call.notes
    if notes.usage and notes.usage.changes:
        message = f"{call.action} counts a quota and works outside of its transaction; count in an action of its own."
        raise Misconfigured(message)
    audits, events, _, jobs, *_ = since
    noted = notes.audits[audits:], notes.events[events:], notes.jobs[jobs:]
    if not (stored or any(noted)):
        return None
    return _with_jobs(call, Journal(noted[0], noted[1], *_told(call), stored), noted[2])


def answer_of(call: Call) -> Stored | None:
    """The answer for the next request with the same key; None where there is no key."""
    facts = call.facts
    if facts.idem_digest is None or call.fingerprint is None:
        return None
    headers = to_json(call.answer.headers).decode() if call.answer.headers else ""
    return stored_made((facts.idem_digest, call.fingerprint, call.answer.status, headers, call.encoded or b""))


def announce(call: Call, *, since: Mark = FROM_THE_BEGINNING) -> None:
    """Hand over what experiments count: it has happened; wake those who have work now."""
    notes = call.noted
    if notes is None:
        return
    _, events, _, jobs, tracked, _ = since
    if len(notes.jobs) > jobs or len(notes.events) > events or notes.regardless:
        call.services.wake()
    if len(notes.tracked) > tracked:
        call.services.trials.note(notes.tracked[tracked:])


def _told(call: Call) -> tuple[str, str | None, str | None]:
    request = call.request
    return request.id, request.ip, agent_of(request.headers)


def leftover_of(call: Call) -> Journal | None:
    """What a call that failed leaves behind all the same; None where that is nothing."""
    if call.noted is None or not call.noted.regardless:
        return None
    return _with_jobs(call, Journal([], [], *_told(call), None), call.noted.regardless)


def _with_jobs(call: Call, journal: Journal, noted: Sequence[Mapping[str, object]]) -> Journal:
    """The same with the jobs that were enqueued."""
    if not noted:
        return journal
    jobs = to_json(noted).decode()
    return journal._replace(jobs=jobs, jobs_proof=call.services.prove(b"jobs" + jobs.encode()))
