"""The journal of a call: all that it leaves behind, as the close takes it."""

from pydantic_core import to_json

from portico.core.call import Call
from portico.ports.database import Journal, Stored


def journal_of(call: Call) -> Journal | None:
    """All that the call leaves behind; None where that is nothing."""
    facts, stored = call.facts, None
    if facts.idem_digest is not None and call.fingerprint is not None:
        headers = to_json(call.answer.headers).decode() if call.answer.headers else ""
        stored = Stored(facts.idem_digest, call.fingerprint, call.answer.status, headers, call.encoded or b"")
    if not (stored or call.audits or call.events or call.jobs or call.job):
        return None
    request = call.request
    journal = Journal(call.audits, call.events, request.id, request.ip, request.headers.get("user-agent"), stored)
    return _with_work(journal, call) if call.jobs or call.job else journal


def _with_work(journal: Journal, call: Call) -> Journal:
    """The same with the jobs that were enqueued, and the one that is done."""
    jobs = to_json(call.jobs).decode() if call.jobs else None
    proof = call.services.prove(b"jobs" + jobs.encode()) if jobs else None
    return journal._replace(jobs=jobs, jobs_proof=proof, finished=(call.job.id, call.job.lease) if call.job else None)
