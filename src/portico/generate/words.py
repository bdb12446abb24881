"""Policies and limits in words, read off the values themselves: a policy of anybody's has its words without asking."""

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields

from portico.core.action import Action
from portico.core.plan import Plan
from portico.core.policy import Policy

UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def caller_of(plan: Plan) -> str:
    """Who may call at all: public, tenant, user, org; `worker` of a job, which nobody calls."""
    if plan.action.kind == "job":
        return "worker"
    if plan.needs.org:
        return "org"
    if plan.needs.user:
        return "user"
    return "tenant" if plan.needs.tenant else "public"


def policy_words(policy: Policy, plan: Plan) -> str:
    """The policy as one would say it: its name, and what is not as usual."""
    return " ".join((type(policy).__name__, *_said(policy, plan)))


def window_words(seconds: float) -> str:
    """A stretch of time: `minute`, `15 minutes`."""
    for unit, name in UNITS:
        if seconds >= unit and seconds % unit == 0:
            count = int(seconds // unit)
            return name if count == 1 else f"{count} {name}s"
    return f"{seconds:g} seconds"


def _said(policy: Policy, plan: Plan) -> Iterator[str]:
    for place, field in enumerate(fields(policy)):
        value = getattr(policy, field.name)
        if value == _usual(field) or value in ((), plan.action.name):
            continue
        if value is True:
            yield field.name
        else:
            yield _word(value) if place == 0 else f"{field.name} {_word(value)}"


def _usual(field: "Field[object]") -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _word(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_word, value))
    if isinstance(value, Action):
        return value.name
    text = str(getattr(value, "__name__", value))
    return f"“{text}”" if " " in text else text
