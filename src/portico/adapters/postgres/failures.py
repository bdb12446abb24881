"""What a failure of PostgreSQL, of its driver or of the pool means to a caller. Its text stays in the log."""

import re

import asyncpg
from pydantic_core import from_json
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from portico.adapters.postgres.glancing import CallerChanged
from portico.adapters.postgres.pool import PoolExhausted
from portico.adapters.postgres.transaction import CommitUnknown, NotCommitted
from portico.errors import (
    Conflict,
    Duplicate,
    Error,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    QuotaExceeded,
    TimedOut,
    Unavailable,
)
from portico.ports.database import Failure

WAIT = 5.0
"""Seconds after which a caller may try again where the database is unavailable."""
USED_UP = "PQ001"
"""What `take_usage_v2` raises where a quota was used up since the gate; classes from I to Z are free for that."""
COLLIDED = frozenset({"40001", "40P01"})
AGAIN = COLLIDED | {"0A000"}
UNAVAILABLE = frozenset(
    {"53000", "53100", "53200", "53300", "53400", "55P03", "57P01", "57P02", "57P03", "57P05", "58030"}
) | {"25P03", "25P04"}
SIMPLE: dict[str, type[Error]] = {"23505": Duplicate, "23P01": Conflict, "42501": Forbidden}
INVALID = frozenset({"23502", "23514"})
REFERENCED = re.compile(r"is still referenced from table")


def explain(problem: BaseException) -> Failure | None:
    """What the exception means; None where it is none of the database's."""
    if isinstance(problem, DBAPIError) and problem.orig is not None:
        problem = _innermost(problem.orig)
    if isinstance(problem, CommitUnknown):
        return Failure(
            Unavailable(retry_after=WAIT), unknown=True, log=f"the connection was lost during COMMIT: {problem}"
        )
    if isinstance(problem, NotCommitted | asyncpg.InFailedSQLTransactionError):
        return Failure(Error(), log="a statement had failed and the handler went on; wrap it in ctx.transaction()")
    if isinstance(problem, CallerChanged):
        return Failure(Conflict(retry_after=1), again=True, log="the caller changed between two visits to the gate")
    if isinstance(problem, PoolExhausted):
        return Failure(Unavailable(retry_after=WAIT), log=str(problem))
    if isinstance(problem, asyncpg.PostgresError):
        return _by_state(problem)
    if isinstance(problem, asyncpg.InterfaceError | asyncpg.InternalClientError | UnicodeError | OSError):
        return _by_driver(problem)
    return Failure(Error(), log=str(problem)) if isinstance(problem, SQLAlchemyError) else None


def _by_driver(problem: BaseException) -> Failure:
    """What the driver says by itself: of unfit values (a ValueError), of its connection, of its use."""
    if isinstance(problem, ValueError):
        return Failure(_invalid(), log=str(problem))
    if isinstance(problem, OSError | asyncpg.InternalClientError) or "closed" in str(problem):
        return Failure(Unavailable(retry_after=WAIT), log=f"the database is out of reach: {problem!r}")
    return Failure(Error(), log=str(problem))


def _by_state(problem: asyncpg.PostgresError) -> Failure:
    state = problem.sqlstate or ""
    constraint = getattr(problem, "constraint_name", None) or ""
    log = f"{state} {type(problem).__name__}: {problem}"
    if state in AGAIN:
        return Failure(Conflict(retry_after=1), again=True, collided=state in COLLIDED, log=log)
    if state == "25006":
        return Failure(Unavailable(retry_after=WAIT), wrote=True, log=f"{log}; if this is a query, declare a mutation")
    if state == USED_UP:
        return Failure(QuotaExceeded(**from_json(getattr(problem, "detail", None) or "{}")))
    return Failure(_meaning(state, problem), constraint=constraint, log=log)


def _meaning(state: str, problem: asyncpg.PostgresError) -> Error:
    """What a caller is told; the log has the rest."""
    if state in SIMPLE:
        return SIMPLE[state]()
    if state == "23503":
        referenced = REFERENCED.search(getattr(problem, "detail", None) or "")
        return Conflict() if referenced else NotFound()
    if state in INVALID or state.startswith("22"):
        return _invalid(getattr(problem, "column_name", None))
    if state == "57014":
        return TimedOut(retry_after=WAIT)
    if state in UNAVAILABLE or state.startswith("08"):
        return Unavailable(retry_after=WAIT)
    return Error()


def _invalid(column: str | None = None) -> Invalid:
    return Invalid(errors={column or "body": [FieldError("VAL_INVALID_VALUE")]})


def _innermost(problem: BaseException) -> BaseException:
    """SQLAlchemy wraps the driver's exception in one of its own."""
    return problem.__cause__ if problem.__cause__ is not None else problem
