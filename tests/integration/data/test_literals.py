"""Values written into a statement mean what they are, to a real server, whatever its settings."""

from uuid import RFC_4122

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portico.adapters.postgres.literals import octets, strings, text, texts
from portico.ports.database import Journal, Stored
from portico.testing import Harness

pytestmark = pytest.mark.anyio
SPITEFUL = [
    "",
    "'",
    "\\",
    "\\'",
    "'; drop table x; --",
    "E'\\x27",
    "${a}:b",
    "$1",
    "ß漢😀",
    "\n\t\x01\x7f",
    '{},"null"',
    "null",
    '"\\"',
]
STRINGS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@pytest.mark.parametrize("conforming", ["on", "off"])
async def test_every_string_comes_back_as_it_went(portico: Harness, conforming: str) -> None:
    """Quotes, backslashes and SQL are characters like any other, under both meanings of a backslash."""
    await portico.rows(f"set standard_conforming_strings = {conforming}")

    for value in SPITEFUL:
        assert (await portico.rows(f"select {text(value)}"))[0][0] == value
    for values in ([""], SPITEFUL, [*SPITEFUL, None]):
        assert list((await portico.rows(f"select {strings(values)}"))[0]) == values
    for values in ([], [""], SPITEFUL, [*SPITEFUL, None]):
        assert (await portico.rows(f"select {texts(values)}::text[]"))[0][0] == values


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(values=st.lists(STRINGS | st.none(), max_size=5), raw=st.binary(max_size=100))
async def test_so_do_any_lists_of_strings_and_any_bytes(portico: Harness, values: list[str | None], raw: bytes) -> None:
    """Whatever a handler's result may hold."""
    row = (await portico.rows(f"select {texts(values)}::text[], {octets(raw)}::bytea"))[0]

    assert (row[0], row[1]) == (values, raw)


def test_a_nul_is_refused_before_it_could_cut_the_statement_short() -> None:
    """The protocol ends a statement's text there."""
    with pytest.raises(UnicodeError, match="NUL"):
        text("a\0b")
    for values in (["a\0b"], ["a", "b\0"], ["\0", None]):
        for written in (texts, strings):
            with pytest.raises(UnicodeError, match="NUL"):
                written(values)


async def test_a_spiteful_journal_is_stored_word_by_word(portico: Harness) -> None:
    """Audit, events and the stored answer, through the application's own connection."""
    stored = Stored(b"d" * 32, b"f" * 32, 201, '[["X","\\\\\'"]]', b"'\\;\x00")
    journal = Journal(["it's \\ done", None, '{"a":"\'"}'], ["e'", '{"b":"\\\\"}'], "r'", None, "agent \\'", stored)

    await portico.app.running.database.lazily(read_only=False).commit(journal)

    audit = (await portico.rows("select action, metadata->>'a', user_agent from portico.audit"))[0]
    event = (await portico.rows("select name, data->>'b' from portico.outbox"))[0]
    kept = (await portico.rows("select status, headers, body from portico.idempotency"))[0]
    assert tuple(audit) == ("it's \\ done", "'", "agent \\'")
    assert tuple(event) == ("e'", "\\")
    assert tuple(kept) == stored[2:]


@pytest.mark.parametrize(("audits", "events"), [(0, 2), (1, 1), (3, 0), (2, 3)])
async def test_all_that_a_journal_holds_is_written_in_its_order(portico: Harness, audits: int, events: int) -> None:
    """However many audit rows and events there are: the first of each goes another way than the rest."""
    rows = [part for n in range(audits) for part in (f"event.{n}", None if n else "target", f'{{"n":{n}}}')]
    told = [part for n in range(events) for part in (f"told.{n}", f'{{"n":{n}}}')]

    await portico.app.running.database.lazily(read_only=False).commit(Journal(rows, told, "r", None, None, None))

    written = await portico.rows("select action, target, metadata::text from portico.audit order by id")
    emitted = await portico.rows("select name, data::text, event_id from portico.outbox order by id")
    assert [part and part.replace(" ", "") for row in written for part in row] == rows
    assert [part.replace(" ", "") for name, data, _ in emitted for part in (name, data)] == told
    ids = [event_id for *_, event_id in emitted]
    assert {(id.version, id.variant) for id in ids} <= {(7, RFC_4122)}
    assert len(set(ids)) == events
