"""What flags and experiments say to a running call."""

from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, Concatenate, ParamSpec, TypeVar

from portico.core.call import Call
from portico.core.experiments import CONTROL, Experiment
from portico.core.flags import Subject, is_on
from portico.core.hints import shown
from portico.core.shares import digest_of
from portico.errors import Misconfigured
from portico.ports.trials import Happening

P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C", bound="Rollouts")
VISITOR = "visitor"
"""The cookie that tells one browser from another, set where an experiment by `visitor` is asked for, and only there."""
YEAR = timedelta(days=365)


class Rollouts:
    """What a context can ask of the application's flags and experiments; neither costs a round trip."""

    __slots__ = ()
    _call: Call

    def flag(self, name: str, /) -> bool:
        """Whether the flag is on for the caller; a feature of the organization's plan is one, too.

        Raises Misconfigured where the application declares none of that name.
        """
        return flag_of(self._call, name)

    def variant(self, experiment: str, /) -> str:
        """Which variant the caller sees, always the same one; that it was seen is noted, once, when the call is done.

        Raises Misconfigured where the application declares no such experiment.
        """
        return variant_of(self._call, experiment)

    def track(self, event: str, /) -> None:
        """Note that the caller has done what experiments count; it counts when the call is committed.

        Raises Misconfigured where no experiment names the event.
        """
        track(self._call, event)


def flag_of(call: Call, name: str) -> bool:
    """Whether the flag is on for whoever calls."""
    services, facts = call.services, call.facts
    rule, switch = services.flags.rules.get(name), services.switches.get(name)
    if switch is not None:
        if rule is None:
            return switch.default
        return is_on(name, rule, Subject(facts.user_id, facts.org_id), default=switch.default)
    if name not in services.quotas.features:
        known = ", ".join(sorted({*services.switches, *services.quotas.features})) or "none"
        message = f"{call.action} asks for the flag {name!r}, which App(flags=…) does not declare; it knows {known}."
        raise Misconfigured(message)
    included = facts.org_id is not None and name in services.quotas.of(facts.org_plan or "").features
    return included and (rule is None or rule.state != "killed")


def variant_of(call: Call, name: str) -> str:
    """The caller's variant; control where nobody can be told from anybody else."""
    experiment = call.services.experiments.get(name)
    if experiment is None:
        known = ", ".join(sorted(call.services.experiments)) or "none"
        asked = f"{call.action} asks for the experiment {name!r}"
        message = f"{asked}, which App(experiments=…) does not declare; it knows {known}."
        raise Misconfigured(message)
    digest = _digest(call, name, experiment)
    if digest is None:
        return CONTROL
    variant = experiment.assign(digest)
    call.notes.tracked.append(Happening(name, digest, variant, "", call.now))
    return variant


def track(call: Call, event: str) -> None:
    """Note the event for every experiment that counts it."""
    counting = list(_counting(call, event))
    if not counting:
        message = f"{call.action} tracks {event!r}, which no experiment of the application has among its events."
        raise Misconfigured(message)
    for name, experiment in counting:
        digest = _digest(call, name, experiment)
        if digest is not None:
            call.notes.tracked.append(Happening(name, digest, experiment.assign(digest), event, call.now))


def by_flag(
    flag: str,
    /,
    *,
    on: Callable[Concatenate[C, P], Coroutine[Any, Any, T]],
    off: Callable[Concatenate[C, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[C, P], Coroutine[Any, Any, T]]:
    """One function out of two with the same signature: `on` where the flag is on for the caller, else `off`.

    It can be what an action calls, or the action itself: `module.mutation("POST /visits")(by_flag(…))` is named and
    described by `off`. Raises Misconfigured where one of them is no plain async function, such as an action.
    """
    for word, one in (("on", on), ("off", off)):
        if not iscoroutinefunction(one):
            message = f"by_flag({flag!r}, {word}={shown(one)}): write a plain async function of the context"
            raise Misconfigured(message)

    @wraps(off)
    async def chosen(ctx: C, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await (on if ctx.flag(flag) else off)(ctx, *args, **kwargs)

    chosen.__dict__["flag"] = flag
    return chosen


def _counting(call: Call, event: str) -> Iterator[tuple[str, Experiment]]:
    for name, experiment in call.services.experiments.items():
        if event in experiment.events:
            yield name, experiment


def _digest(call: Call, name: str, experiment: Experiment) -> bytes | None:
    """Who it is, as the experiment knows them."""
    kind, facts = experiment.by, call.facts
    if kind == "visitor":
        return digest_of(name, kind, _visitor(call))
    who = facts.user_id if kind == "user" else facts.org_id
    return digest_of(name, kind, who) if who is not None else None


def _visitor(call: Call) -> str:
    """What the browser is known by; one that brings nothing is given a cookie."""
    for cookie in call.answer.cookies:
        if cookie.name == VISITOR and cookie.value:
            return cookie.value
    for pair in call.request.headers.get("cookie", "").split(";"):
        name, _, value = pair.strip().partition("=")
        if name == VISITOR and 16 <= len(value) <= 64:
            return value
    made = call.services.ids.token()
    call.answer.cookie(VISITOR, made, max_age=YEAR)
    return made
