"""The statement by which the gate is asked, and what policies ask about beside it."""

import pytest

from portico.adapters.postgres.gating import GATE, asked, is_gate
from portico.ports.database import Entry

ROW = Entry(b"token", table="order", row="7", owner="made by", whose="org")


def test_who_asks_about_the_caller_alone_asks_the_gate_alone() -> None:
    """With the values that it takes."""
    sql, values = asked(Entry(b"token", key="k"), read_only=False)

    assert sql is GATE
    assert [*values] == [b"token", None, None, "k", None, None, None, False, None]


def test_names_are_written_as_identifiers() -> None:
    """Reserved words and blanks are names like any other."""
    sql, values = asked(ROW, read_only=False)

    assert 'from public."order" where org_id = ' in sql
    assert '"made by"::text as owner, null::text as version' in sql
    assert values[-1] == "7"


def test_a_row_is_locked_where_the_call_may_write() -> None:
    """Whoever only reads waits for nobody."""
    assert " for update" in asked(ROW, read_only=False)[0]
    assert " for update" not in asked(ROW, read_only=True)[0]


@pytest.mark.parametrize("entry", [Entry(), ROW, Entry(resources=("desks",)), ROW._replace(resources=("desks",))])
def test_each_of_them_is_known_as_the_gate_s(entry: Entry) -> None:
    """By whoever watches the trips."""
    assert is_gate(asked(entry, read_only=False)[0])
    assert not is_gate("select 1")
