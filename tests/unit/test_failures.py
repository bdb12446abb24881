"""What a failure of the database means to a caller; its text stays in the log."""

import asyncpg
import pytest
from sqlalchemy.exc import IntegrityError, InvalidRequestError

from portico import (
    Conflict,
    Duplicate,
    Error,
    Forbidden,
    Invalid,
    NotFound,
    TimedOut,
    Unavailable,
)
from portico.adapters.postgres.failures import explain
from portico.adapters.postgres.pool import PoolExhausted
from portico.adapters.postgres.transaction import CommitUnknown, NotCommitted

TEXT = "secret text of the database"


def of_state(state: str, **details: str) -> asyncpg.PostgresError:
    """What the driver raises for an SQLSTATE."""
    return asyncpg.PostgresError.new({"C": state, "M": TEXT, **details})


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ("23505", Duplicate),
        ("23P01", Conflict),
        ("23503", NotFound),
        ("23502", Invalid),
        ("23514", Invalid),
        ("22P02", Invalid),
        ("22021", Invalid),
        ("22P05", Invalid),
        ("22003", Invalid),
        ("22000", Invalid),
        ("42501", Forbidden),
        ("40001", Conflict),
        ("40P01", Conflict),
        ("0A000", Conflict),
        ("57014", TimedOut),
        ("53100", Unavailable),
        ("53300", Unavailable),
        ("55P03", Unavailable),
        ("57P01", Unavailable),
        ("08006", Unavailable),
        ("25006", Unavailable),
        ("42P01", Error),
        ("XX000", Error),
    ],
)
def test_every_state_has_its_meaning(state: str, error: type[Error]) -> None:
    """And none of its text reaches a caller."""
    failure = explain(of_state(state))

    assert failure is not None
    assert type(failure.error) is error
    assert TEXT not in f"{failure.error} {failure.error.data()} {getattr(failure.error, 'errors', '')}"
    assert failure.log


@pytest.mark.parametrize(("state", "again"), [("40001", True), ("40P01", True), ("0A000", True), ("23505", False)])
def test_what_is_worth_another_run_is_run_again(state: str, *, again: bool) -> None:
    """A serialization failure, a deadlock, a plan that a migration changed."""
    failure = explain(of_state(state))

    assert failure is not None
    assert failure.again is again


@pytest.mark.parametrize(("state", "collided"), [("40001", True), ("40P01", True), ("0A000", False), ("23505", False)])
def test_a_collision_is_told_from_a_changed_plan(state: str, *, collided: bool) -> None:
    """Only where another transaction stood in the way is it worth a wait."""
    failure = explain(of_state(state))

    assert failure is not None
    assert failure.collided is collided


@pytest.mark.parametrize("state", ["53100", "53300", "55P03", "57P01", "57014", "08006"])
def test_an_outage_says_when_to_come_back(state: str) -> None:
    """A client that tries at once makes it worse."""
    failure = explain(of_state(state))

    assert failure is not None
    assert failure.error.retry_after
    assert failure.error.retryable


def test_a_reference_from_elsewhere_is_a_conflict() -> None:
    """What is missing is not found; what is still needed cannot go."""
    missing = explain(of_state("23503", D='Key (a)=(1) is not present in table "b".'))
    needed = explain(of_state("23503", D='Key (a)=(1) is still referenced from table "b".'))

    assert missing is not None
    assert needed is not None
    assert (type(missing.error), type(needed.error)) == (NotFound, Conflict)


def test_a_constraint_and_a_column_are_named_for_those_who_give_them_a_meaning() -> None:
    """`Raises(…, on=…)` knows constraints; a finding knows its column."""
    unique = explain(of_state("23505", n="things_name_key"))
    empty = explain(of_state("23502", c="name"))

    assert unique is not None
    assert unique.constraint == "things_name_key"
    assert empty is not None
    assert isinstance(empty.error, Invalid)
    assert set(empty.error.errors or {}) == {"name"}


def test_a_write_where_none_may_be_is_known_as_one() -> None:
    """In a query it is a programmer's mistake, on a replica an outage."""
    failure = explain(of_state("25006"))

    assert failure is not None
    assert failure.wrote
    assert "declare a mutation" in failure.log


@pytest.mark.parametrize(
    ("problem", "error", "unknown"),
    [
        (CommitUnknown("gone"), Unavailable, True),
        (NotCommitted(), Error, False),
        (asyncpg.InFailedSQLTransactionError("x"), Error, False),
        (PoolExhausted("all 20 are busy"), Unavailable, False),
        (asyncpg.DataError("invalid input for query argument $1: 'x'"), Invalid, False),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"), Invalid, False),
        (ConnectionResetError(), Unavailable, False),
        (TimeoutError(), Unavailable, False),
        (asyncpg.InterfaceError("connection is closed"), Unavailable, False),
        (InvalidRequestError("half an action"), Error, False),
    ],
)
def test_the_driver_s_own_failures_have_a_meaning_too(problem: Exception, error: type[Error], *, unknown: bool) -> None:
    """A connection lost during COMMIT is unknown, not failed."""
    failure = explain(problem)

    assert failure is not None
    assert type(failure.error) is error
    assert failure.unknown is unknown


def test_a_failure_through_the_orm_means_the_same() -> None:
    """SQLAlchemy's wrapping is taken off."""
    driver = RuntimeError("wrapped")
    driver.__cause__ = of_state("23505", n="things_name_key")

    failure = explain(IntegrityError("insert", {}, driver))

    assert failure is not None
    assert (type(failure.error), failure.constraint) == (Duplicate, "things_name_key")


def test_what_is_none_of_the_database_s_is_left_to_others() -> None:
    """A mistake in a handler is no outage."""
    assert explain(ValueError("x")) is None
    assert explain(KeyError("x")) is None
