"""Paths that are the framework's own: an action there would be reached by nobody, or hide what others rely on."""

import re
from collections.abc import Iterable, Iterator

from portico.core.plan import Plan
from portico.core.refusals import served_at
from portico.core.template import FIELD
from portico.errors import Misconfigured

OWN = re.compile(
    r"/api/(health(/live|/ready)?|graphql|docs|changelog|v\d+/openapi\.json)|/llms\.txt|/_portico/.*|/mailbox(\.json|/.*)?"
)


def refuse_reserved(plans: Iterable[Plan], forms: Iterable[str] = ()) -> None:
    """Raise Misconfigured where an action or a form stands at a path of the framework's."""
    taken = [*_actions_at_own(plans), *(f"the form at {path}" for path in forms if is_own(path))]
    if taken:
        lines = "\n".join(f"- {each} stands at a path of the framework's own; choose another path." for each in taken)
        raise Misconfigured(f"The application does not start.\n{lines}")


def is_own(path: str) -> bool:
    """Whether the framework answers there, whatever its settings."""
    return OWN.fullmatch(FIELD.sub("_", path)) is not None


def _actions_at_own(plans: Iterable[Plan]) -> Iterator[str]:
    for plan in plans:
        path = served_at(plan.action, page=plan.is_page)
        if plan.action.kind != "job" and is_own(path):
            yield f"{plan.action.name} ({plan.action.place}) at {path}"
