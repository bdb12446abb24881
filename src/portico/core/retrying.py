"""Retries of calls to other services: few, apart, of one layer only, and a share of all calls at most."""

import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from portico.core.fitting import refuse_bare
from portico.core.outages import asked_to_wait, is_worth_retrying
from portico.core.outbound import Outbound, Tries, running
from portico.core.reporting import OUTSIDE

P = ParamSpec("P")
T = TypeVar("T")
Worth = Callable[[BaseException], bool]
ONCE = Tries(attempts=1)
log = logging.getLogger("portico")
_inside: ContextVar[bool] = ContextVar("portico_retrying", default=False)


class Retrying:
    """What `retry` makes: `run` a call with it, or decorate a function."""

    def __init__(self, service: str, tries: Tries | None, worth: Worth) -> None:
        """Without `tries`, as the settings say."""
        self.service = service
        self._tries = tries
        self._worth = worth

    async def run(self, function: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the function, again where that is worth it; raises what the last try raised."""
        outbound = running(f"retry({self.service!r})")
        call = partial(function, *args, **kwargs)
        return await repeated(outbound, self.service, call, tries=self._tries, worth=self._worth)

    def __call__(self, function: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        """The function, retried."""

        @wraps(function)
        async def retried(*args: P.args, **kwargs: P.kwargs) -> T:
            return await self.run(function, *args, **kwargs)

        return retried


def retry(
    service: str,
    *,
    safe: bool = False,
    key: str | None = None,
    tries: Tries | None = None,
    worth: Worth = is_worth_retrying,
) -> Retrying:
    """Try calls to a service again that failed.

    Use it as a decorator, or write `await retry("stripe", key=ctx.external_key).run(charge)`. `safe` says that the
    call changes nothing, `key` is the idempotency key that it sends; without either it is made once. Worth a retry are
    network errors, timeouts, answers of 500 and above, and 429, whose Retry-After is kept. Pauses are random, up to
    1 s, 2 s, … of 30 s at most. Inside another retry a call is made once: tries do not multiply.
    """
    refuse_bare('retry("service", safe=True)', service)
    return Retrying(service, tries if safe or key else ONCE, worth)


async def repeated(
    outbound: Outbound,
    service: str,
    run: Callable[[], Awaitable[T]],
    *,
    tries: Tries | None = None,
    worth: Worth = is_worth_retrying,
) -> T:
    """Run it until it succeeds, is not worth another try, or the tries or the service's budget are used up."""
    tries = tries or outbound.tries
    if _inside.get():
        return await run()
    outbound.budget.earn(service)
    token = _inside.set(True)
    try:
        attempt = 0
        while True:
            attempt += 1
            try:
                return await run()
            except Exception as problem:
                pause = _pause(outbound, tries, problem, attempt=attempt) if worth(problem) else None
                if pause is None or not outbound.budget.spend(service):
                    raise
                log.warning("%s: %s, trying again in %.1f s", service, type(problem).__name__, pause, extra=OUTSIDE)
            await outbound.clock.sleep(pause)
    finally:
        _inside.reset(token)


def _pause(outbound: Outbound, tries: Tries, problem: BaseException, *, attempt: int) -> float | None:
    """Seconds until the next try; None where this was the last, or the service asks for too long a pause."""
    asked = asked_to_wait(problem, outbound.clock.now()) or 0.0
    if attempt >= tries.attempts or asked > tries.cap:
        return None
    return max(asked, outbound.jitter(min(tries.cap, tries.base * 2.0 ** (attempt - 1))))
