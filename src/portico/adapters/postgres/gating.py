"""The gate's statement, and what it has answered."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import asyncpg

from portico.ports.database import Entry, Facts, counted_of, facts_of

CALL = "portico.gate_v5($1, $2, $3, $4, $5, null, null, null, null, null, $6, $7, $8, $9, null)"
CALLER = Entry._fields.index("table")
"""So many values of an entry, the first ones, are about the caller."""
GATE = f"select {CALL}"
"""As one value: a row made of a function's result costs the server a tenth more."""
BESIDE = "select gate.facts"
ROW = ", found.owner, found.version, found.present is not null"
COUNTED = ", pg_current_xact_id()::text"
USED = ", (select u.used from portico.usage u where u.org_id = {whose} and u.resource = '{resource}')"
FROM = f" from (select {CALL} as facts) gate"
FOUND = (
    " left join lateral (select {owner} as owner, {version} as version, true as present from public.{table}"
    " where {column} = {whose} and id = $10{lock}) found on true"
)
LOCK = " for update"
WHO = "nullif(current_setting('app.{}', true), '')::uuid"
"""The organization that the gate has let the caller into, or the user."""
FIRST = Facts._fields.index("row_owner")
AFTER = FIRST + 3
Asked: TypeAlias = tuple[str, Sequence[object]]
Shape: TypeAlias = tuple[str | None, str | None, str | None, str, Sequence[str] | None]
"""All that such statements differ by, and the lock: each is put together once."""


def asked(entry: Entry, *, read_only: bool) -> Asked:
    """The statement and its values: what policies ask about is read beside the gate, by a plan that is kept.

    `gate_v5` would read rows and usage itself, as it does where one statement asks about many callers; but rows of any
    table, so that PostgreSQL would prepare that anew for each call. The gate is called first, in a subquery of its own,
    and what is beside it sees what it has set.
    """
    table, _, _, _, resources, row = about = entry[CALLER:]
    if table is None and resources is None:
        return GATE, entry[:CALLER]
    sql = _beside(about[:-1], "" if read_only else LOCK)
    return sql, entry[:CALLER] if table is None else (*entry[:CALLER], row)


def answered(entry: Entry, record: asyncpg.Record) -> Facts:
    """What the gate says, with what was found beside it."""
    facts, counted, at = record[0], None, 1
    if len(record) == 1:
        return facts_of(facts)
    row = facts[FIRST:AFTER]
    if entry.table is not None:
        row, at = record[1:4], 4
    if entry.resources is not None:
        counted = counted_of((record[at], dict(zip(entry.resources, record[at + 1 :], strict=True))))
    return facts_of((*facts[:FIRST], *row, *facts[AFTER:-1], counted))


def is_gate(query: str) -> bool:
    """Whether the statement asks the gate."""
    return query is GATE or query.startswith(BESIDE)


@lru_cache(maxsize=1024)
def _beside(shape: Shape, lock: str) -> str:
    """The row is locked for the rest of a transaction that may write."""
    table, owner, version, whose, resources = shape
    shown, source = BESIDE, FROM
    if table is not None:
        shown += ROW
        source += FOUND.format(
            owner=_as_text(owner),
            version=_as_text(version),
            table=_quoted(table),
            column=f"{whose}_id",
            whose=WHO.format(whose),
            lock=lock,
        )
    if resources is not None:
        uses = [USED.format(whose=WHO.format("org"), resource=resource.replace("'", "''")) for resource in resources]
        shown += COUNTED + "".join(uses)
    return shown + source


def _as_text(column: str | None) -> str:
    return "null::text" if column is None else f"{_quoted(column)}::text"


def _quoted(name: str) -> str:
    """A name as an identifier (PostgreSQL, section 4.1.1)."""
    return '"' + name.replace('"', '""') + '"'
