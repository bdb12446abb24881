"""One attempt at a job: through the same chain as every call, as who enqueued it."""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Collection, Mapping
from datetime import timedelta
from random import SystemRandom
from time import perf_counter

from portico.core.call import Call
from portico.core.enlisting import fields_of
from portico.core.inputs import Bound, Raw
from portico.core.pipeline import Pipeline
from portico.core.plan import Plan
from portico.core.principal import Request
from portico.core.reporting import about, context_of
from portico.core.scrubbing import scrub, secrets_of
from portico.errors import Error, Invalid, Misconfigured, TimedOut
from portico.ports.jobs import Claimed, Failed

LONGEST_PAUSE = timedelta(hours=1)
LONGEST_WISH = 86_400.0
"""Seconds: an error that asks for more patience gets this much."""
LONGEST_MESSAGE = 1_000
log = logging.getLogger("portico")


class Attempts:
    """Runs jobs in hand; what becomes of one that fails is for the caller to note."""

    def __init__(self, pipeline: Pipeline, proof_key: bytes, pause: timedelta) -> None:
        """`pause` is the longest wait after a first failure; it doubles with each."""
        self._pipeline = pipeline
        self._proof_key = proof_key
        self._pause = pause

    async def run(self, job: Claimed) -> Failed | None:
        """Try it once: None where it is done, and that is committed."""
        plan, started = self._pipeline.plans.get(job.name), perf_counter()
        if plan is None or plan.action.task is None:
            return Failed("UNKNOWN_JOB", f"This application has no job {job.name}: was it renamed or removed?")
        timeout, call = plan.action.task.timeout, self._call(plan, job)
        try:
            async with asyncio.timeout(timeout.total_seconds()):
                error = (await self._pipeline.run(plan, call, self._receiver(plan, job))).error
        except TimeoutError:
            error = TimedOut(message=f"It took longer than {timeout.total_seconds():g} s.")
        milliseconds = round((perf_counter() - started) * 1000, 1)
        if error is None:
            log.info("job %s done in %s ms", job.name, milliseconds, extra=context_of(call))
            return None
        failed = self._failed(job, error, hidden=secrets_of({}, call.values))
        _tell(job, failed, about(call, error.__cause__ or error))
        return failed

    def _call(self, plan: Plan, job: Claimed) -> Call:
        services = self._pipeline.services
        call = Call(job.name, services, Request(id=job.request_id, locale=job.locale))
        call.job, call.scope = job, "job"
        if not plan.needs.system and (job.org is not None or job.user is not None):
            call.credential = credential_of(job, self._proof_key)
        return call

    def _receiver(self, plan: Plan, job: Claimed) -> "_Receiver":
        return _Receiver(plan, job, self._pipeline)

    def _failed(self, job: Claimed, error: Error, *, hidden: Collection[str]) -> Failed:
        """Why, and when again; what the caller of an action must not know, its operators may, but for secrets."""
        cause = error.__cause__
        message = f"{type(cause).__name__}: {cause}" if cause is not None else error.message or str(error)
        if isinstance(error, Invalid) and error.errors:
            message = "; ".join(f"{at}: {', '.join(e.code for e in found)}" for at, found in error.errors.items())
        final = job.attempt >= job.attempts or not worth_another(error)
        again = None if final else self._pipeline.services.clock.now() + self.pause_after(job.attempt, error)
        return Failed(error.code, scrub(message, hidden)[:LONGEST_MESSAGE], again)

    def pause_after(self, attempt: int, error: Error) -> timedelta:
        """Doubled with each attempt, up to an hour, by chance up to half shorter; the error's wish, up to a day."""
        longest = min(self._pause * 2 ** min(attempt - 1, 30), LONGEST_PAUSE)
        pause: timedelta = longest * SystemRandom().uniform(0.5, 1.0)
        return max(pause, timedelta(seconds=min(LONGEST_WISH, error.retry_after or 0)))


class _Receiver:
    """Gives the pipeline a job's input, validated by the types that the job has now."""

    def __init__(self, plan: Plan, job: Claimed, pipeline: Pipeline) -> None:
        self._plan, self._job, self._pipeline = plan, job, pipeline

    async def __call__(self) -> Bound:
        fields = fields_of(self._job, self._pipeline.services.sealer)
        if (task := self._plan.action.task) is not None and task.reads is not None:
            found = task.reads(fields)
            fields = found if isinstance(found, dict) else {}
        return self._plan.binder.bind(Raw({}, {}, {}, {}, fields=fields, stored=True))


def worth_another(error: Error) -> bool:
    """Whether another attempt may end otherwise: not for input that is wrong, a refusal, a mistake in the program."""
    judged = error.__cause__ if isinstance(error.__cause__, Error) else error
    return judged.retryable and not isinstance(judged, Invalid) and not isinstance(error.__cause__, Misconfigured)


def credential_of(job: Claimed, proof_key: bytes) -> bytes:
    """What lets a worker in as who enqueued the job: its id and lease, and their HMAC under the gate's key."""
    held = job.id.bytes + job.lease.bytes
    return held + hmac.digest(proof_key, b"job" + held, hashlib.sha256)


def _tell(job: Claimed, failed: Failed, extra: Mapping[str, object]) -> None:
    """What became of a failed attempt."""
    given_up = f"given up: portico jobs show {job.id}"
    told = f"tried again at {failed.again_at:%Y-%m-%d %H:%M:%S}" if failed.again_at else given_up
    words = (job.name, job.attempt, job.attempts, failed.code, failed.message, told)
    log.warning("job %s failed, attempt %s of %s: %s (%s); %s", *words, extra=extra)
