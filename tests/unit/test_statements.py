"""Statements as values: compiled once, their values in the server's order."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    bindparam,
    insert,
    select,
    update,
)

from portico import Invalid, Keyset, Listing, Misconfigured, Numbered
from portico.adapters.postgres import statements
from portico.adapters.postgres.listings import count_of, cursor_after, positions, statement_of
from portico.adapters.postgres.rows import reader
from portico.adapters.postgres.statements import MOST, compile_statement, values_of

things = Table(
    "things",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("name", Text),
    Column("size", Integer, default=7),
    Column("at", DateTime(timezone=True)),
    Column("day", Date),
    Column("price", Numeric(10, 2)),
)
LISTING = Listing(
    select(things),
    order=(things.c.at.desc(), things.c.id.desc()),
    where={"name": things.c.name == bindparam("name"), "size": things.c.size > bindparam("size")},
)


class Thing(BaseModel):
    """A row."""

    id: int
    name: str


# -- raw SQL -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "sql", "names"),
    [
        ("select :a, :b, :a", "select $1, $2, $1", ("a", "b")),
        ("select :a::int, x::text", "select $1::int, x::text", ("a",)),
        ("select ':a', 'it''s :b', :c", "select ':a', 'it''s :b', $1", ("c",)),
        ('select ":a" from ":b""c"', 'select ":a" from ":b""c"', ()),
        ("select 1 -- :a\n, :b", "select 1 -- :a\n, $1", ("b",)),
        ("select /* :a \n :b */ :c", "select /* :a \n :b */ $1", ("c",)),
        ("select $$ :a $$, $tag$ :b $$ $tag$, :c", "select $$ :a $$, $tag$ :b $$ $tag$, $1", ("c",)),
        ("select a[1:2], :b_2", "select a[1:2], $1", ("b_2",)),
        ("select now()", "select now()", ()),
        ("", "", ()),
    ],
)
def test_raw_sql_names_its_values(text: str, sql: str, names: tuple[str, ...]) -> None:
    """Strings, quoted names, comments, casts and dollar quotes are left alone; a name used twice is one value."""
    compiled = compile_statement(text, {})

    assert (compiled.sql, compiled.names) == (sql, names)


@given(st.text(alphabet="ab:'\"-/*$ \n;1", max_size=60))
def test_any_text_is_taken_apart_and_nothing_is_lost(text: str) -> None:
    """What is no place stays as it is, whatever is unbalanced."""
    compiled = compile_statement(text, {})

    back = compiled.sql
    for n in range(len(compiled.names), 0, -1):
        back = back.replace(f"${n}", f":{compiled.names[n - 1]}") if f"${n}" not in text else back
    assert len(back) <= len(text) + 2 * len(compiled.names)
    assert set(compiled.names) <= {part.strip() for part in text.replace(":", " : ").split()} | set(compiled.names)


def test_a_text_is_compiled_once() -> None:
    """The same value comes back, so that the server's prepared statement is found again."""
    assert compile_statement("select :once", {}) is compile_statement("select :once", {"other": 1})


def test_a_program_that_builds_its_texts_does_not_fill_the_memory() -> None:
    """After so many the memory begins again."""
    for n in range(MOST + 1):
        compile_statement(f"select {n}", {})

    assert len(statements._texts) <= MOST


def test_a_missing_value_is_named() -> None:
    """With the statement's beginning, for the log."""
    with pytest.raises(Misconfigured, match=r"wants :b, which was not given"):
        compile_statement("select :a, :b", {}).arguments({"a": 1})


def test_values_come_from_a_model_and_keywords_win() -> None:
    """Both may be given."""
    assert values_of(Thing(id=1, name="a"), {"name": "b", "x": 2}) == {"id": 1, "name": "b", "x": 2}
    assert values_of(None, {"x": 2}) == {"x": 2}


# -- SQLAlchemy --------------------------------------------------------------------------------------------------------
def test_a_select_is_compiled_once_whatever_is_given() -> None:
    """Its own literals are its fixed values."""
    found = select(things.c.id).where(things.c.name == bindparam("name"), things.c.size == 3)

    compiled = compile_statement(found, {"name": "a"})

    assert compile_statement(found, {"name": "b", "more": 1}) is compiled
    assert compiled.arguments({"name": "a"}) == ["a", 3]
    assert "$1::VARCHAR" in compiled.sql


def test_an_insert_is_compiled_once_for_each_set_of_columns() -> None:
    """Values that are no columns are left alone; a column's own default is used where nothing is given."""
    statement = insert(things)

    one = compile_statement(statement, {"id": 1, "name": "a"})
    same = compile_statement(statement, {"name": "b", "id": 2})
    sized = compile_statement(statement, {"id": 1, "name": "a", "size": 2, "stranger": 3})

    assert one is same
    assert sized is not one
    assert sized.arguments({"id": 1, "name": "a", "size": 2, "stranger": 3}) == [1, "a", 2]
    assert "stranger" not in sized.sql


def test_an_update_sets_what_is_given() -> None:
    """Its WHERE has names of its own."""
    statement = update(things).where(things.c.id == bindparam("which"))

    compiled = compile_statement(statement, {"which": 1, "name": "a"})

    assert compiled.sql.startswith("UPDATE things SET name=$1")
    assert compiled.arguments({"which": 1, "name": "a"}) == ["a", 1]


# -- rows --------------------------------------------------------------------------------------------------------------
def test_a_row_becomes_a_model_or_its_first_column() -> None:
    """Models by their columns, anything else by the first."""
    row: Any = {"id": 1, "name": "a"}
    first: Any = ("5", "x")

    assert reader(Thing).one(row) == Thing(id=1, name="a")
    assert reader(Thing).all([row, row]) == [Thing(id=1, name="a")] * 2
    assert reader(int).one(first) == 5
    assert reader(str).all([first]) == ["5"]
    assert reader(Thing) is reader(Thing)


# -- listings ----------------------------------------------------------------------------------------------------------
def test_a_listing_is_compiled_once_for_each_set_of_filters() -> None:
    """A filter whose value is None is left out."""
    all_of_them = statement_of(LISTING, Keyset(), {"name": None}, into=Thing)
    named = statement_of(LISTING, Keyset(), {"name": "a"}, into=Thing)

    assert statement_of(LISTING, Keyset(), {"size": None}, into=Thing) is all_of_them
    assert statement_of(LISTING, Keyset(), {"name": "b", "size": None}, into=Thing) is named
    assert "WHERE" not in all_of_them.sql
    assert "things.name = " in named.sql


def test_a_cursor_continues_in_the_listing_s_direction() -> None:
    """Behind the last row, by all columns of the order at once."""
    compiled = statement_of(LISTING, Keyset(after="x"), {}, into=Thing)

    assert "(things.at, things.id) < (" in compiled.sql
    assert "ORDER BY things.at DESC, things.id DESC" in compiled.sql


def test_a_numbered_page_has_an_offset_and_a_count() -> None:
    """Which knows the filters, too."""
    counting = count_of(LISTING, {"name": "a"})

    assert positions(LISTING, Numbered(page=3, limit=20))["_offset"] == 40
    assert "OFFSET" in statement_of(LISTING, Numbered(), {}, into=Thing).sql
    assert counting.sql.lower().startswith("select count(*)")
    assert "things.name = " in counting.sql
    assert "ORDER BY" not in counting.sql
    assert count_of(LISTING, {"name": "b"}) is counting


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", UUID(int=5)),
        ("name", "Zoë"),
        ("size", 5),
        ("at", datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)),
        ("day", date(2026, 1, 2)),
        ("price", Decimal("1.10")),
    ],
)
def test_a_cursor_brings_back_the_value_it_was_made_of(column: str, value: object) -> None:
    """Of its own type, to the microsecond and the cent."""
    listing = Listing(select(things), order=(things.c[column],))
    row: Any = {"_order0": value}

    back = positions(listing, Keyset(after=cursor_after(row, listing)))["_after0"]

    assert (back, type(back)) == (value, type(value))


@pytest.mark.parametrize(
    "cursor", ["", "x", "!!!", "W10", "WzFd", "bnVsbA", "WyJ4IiwgIngiXQ", "e30", "MQ", "\u00e4", "a" * 900]
)
def test_a_cursor_that_is_none_of_ours_is_refused(cursor: str) -> None:
    """As a finding about `after`, however it was tampered with."""
    with pytest.raises(Invalid) as refused:
        positions(LISTING, Keyset(after=cursor))

    assert {f.code for f in (refused.value.errors or {})["after"]} == {"VAL_INVALID_CURSOR"}


@given(st.text(max_size=200))
def test_no_cursor_at_all_is_a_failure(cursor: str) -> None:
    """Whatever a caller sends is a place in the list or a finding."""
    try:
        found = positions(LISTING, Keyset(after=cursor))
    except Invalid:
        return
    assert isinstance(found["_after0"], datetime)


def test_a_null_or_a_number_of_another_type_is_no_cursor() -> None:
    """A fraction is no integer, and nothing is no place."""
    listing = Listing(select(things), order=(things.c.size,))

    for value in (None, "5", 1.5, [1]):
        row: Any = {"_order0": value}
        with pytest.raises(Invalid):
            positions(listing, Keyset(after=cursor_after(row, listing)))


@pytest.mark.parametrize(("wanted", "given"), [(500, 100), ("500", 100), (100, 100), (1, 1), ("7", 7)])
def test_a_page_larger_than_the_largest_is_the_largest(wanted: Any, given: int) -> None:
    """More than a hundred is taken as a hundred, not refused."""
    assert Keyset(limit=wanted).limit == given
    assert Numbered(limit=wanted).limit == given
