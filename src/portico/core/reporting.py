"""What a line in the log, and so an error report, says beside its message."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from portico.errors import Error
from portico.errors.categories import Category, category_of

if TYPE_CHECKING:
    from portico.core.call import Call

CONTEXT = ("request_id", "action", "user", "key", "org")
"""Whose call of what a line is about; of each record those that are known."""
OUTSIDE: Mapping[str, object] = {"category": "external"}
"""For `extra` of what tells of another service, and of no call."""
STORAGE: Mapping[str, object] = {"category": "database"}
"""For `extra` of what tells of the database, and of no call."""


def about(call: "Call", problem: BaseException | None = None, *, category: Category | None = None) -> dict[str, object]:
    """For `extra` of a log record: of which kind the trouble is, and the call's context.

    Its `secrets` are no part of what is written: they are taken out of all that is.
    """
    from portico.core.scrubbing import secrets_of  # its patterns are compiled where something has failed

    return {
        **context_of(call),
        "category": category or _kind(call, problem),
        "secrets": secrets_of(call.request.headers, call.values),
    }


def context_of(call: "Call") -> dict[str, object]:
    """For `extra` of what tells of no trouble."""
    return {"request_id": call.request.id, "action": call.action, **whose(call)}


def whose(call: "Call") -> dict[str, object]:
    """The ids of who calls and of the organization, as far as the gate has told them."""
    facts, found = call.facts, dict[str, object]()
    if facts.user_id is not None:
        found["user"] = facts.user_id
    if facts.key_id is not None:
        found["key"] = facts.key_id
    if facts.org_id is not None:
        found["org"] = facts.org_id
    return found


def _kind(call: "Call", problem: BaseException | None) -> Category:
    if isinstance(problem, Error):
        return category_of(problem)
    if problem is not None and call.services.database.explain(problem) is not None:
        return "database"
    return "external" if isinstance(problem, OSError | TimeoutError) else "internal"
