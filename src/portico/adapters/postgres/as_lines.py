"""Rows that PostgreSQL writes as lines of NDJSON or CSV, where the model would have written the very same."""

from typing import Any, TypeGuard
from weakref import WeakKeyDictionary

from pydantic import BaseModel
from sqlalchemy import ColumnElement, DateTime, Select, String, Uuid

from portico.adapters.postgres.as_json import moment_of, object_of, written_alike
from portico.adapters.postgres.statements import Compiled, Statement
from portico.ports.streams import FORMULA, Spelling

_alike: "WeakKeyDictionary[Any, dict[object, bool]]" = WeakKeyDictionary()


def writes_alike(stmt: Statement, into: object) -> TypeGuard[Select[Any]]:
    """Whether the database can write the rows; found out once for each statement that is kept."""
    if not isinstance(stmt, Select):
        return False
    known = _alike.setdefault(stmt, {})
    if into not in known:
        known[into] = written_alike(into, stmt)
    return known[into]


def lines_of(stmt: Select[Any], compiled: Compiled, into: Any, *, spelling: Spelling) -> str:
    """The SQL of the rows as lines, each ended as its format wants it."""
    model: type[BaseModel] = into
    if spelling == "json":
        line = object_of(stmt, model) + " || E'}\\n'"
    else:
        columns = [stmt.selected_columns[name] for name in model.model_fields]
        line = " || ',' || ".join(map(_cell, columns)) + " || E'\\r\\n'"
    return f"select {line} from ({compiled.sql}) p"


def _cell(column: ColumnElement[Any]) -> str:
    """The SQL of one cell: text in quotes, and no formula; nothing at all for NULL."""
    place = f'p."{column.key}"'
    if isinstance(column.type, DateTime):
        text = moment_of(place)
    elif isinstance(column.type, Uuid):
        text = f"""'"' || {place} || '"'"""
    elif isinstance(column.type, String):
        text = f"""'"' || {_mark(place)} || replace({place}, '"', '""') || '"'"""
    else:
        text = f"{place}::text"
    return f"coalesce({text}, '')"


def _mark(place: str) -> str:
    """An apostrophe where the text begins like a formula; an empty one begins like nothing."""
    signs = FORMULA.encode("unicode_escape").decode()
    return f"case when {place} <> '' and strpos(E'{signs}', left({place}, 1)) > 0 then E'\\'' else '' end"
