"""Many rows in one statement: their values travel as one array for each column."""

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from pydantic import BaseModel
from pydantic_core import to_json
from sqlalchemy import ARRAY, JSON, ColumnElement, Text, bindparam, func, select
from sqlalchemy.sql.dml import Insert

from portico.adapters.postgres.statements import Compiled, Statement, compile_statement
from portico.errors import Misconfigured

_spread: "WeakKeyDictionary[Insert, dict[tuple[str, ...], Compiled]]" = WeakKeyDictionary()


def spread(
    statement: Statement, items: Sequence[BaseModel], values: Mapping[str, object]
) -> tuple[Compiled, list[Any]]:
    """The statement over all items, and its arguments; an INSERT by its columns, a text takes the arrays by name."""
    names = tuple(type(items[0]).model_fields)
    if isinstance(statement, str):
        arrays = {name: [getattr(item, name) for item in items] for name in names}
        compiled = compile_statement(statement, {**arrays, **values})
        return compiled, compiled.arguments({**arrays, **values})
    if not isinstance(statement, Insert):
        message = (
            "ctx.db.many takes insert(table), or a text over arrays: "
            "update … from unnest(cast(:id as uuid[]), cast(:title as text[])) as g (id, title) where …"
        )
        raise Misconfigured(message)
    forms = _spread.setdefault(statement, {})
    shape = (*names, "", *sorted(values))
    if shape not in forms:
        forms[shape] = compile_statement(_spread_out(statement, names, frozenset(values)), {})
    kinds = {column.key: column.type for column in statement.table.columns}
    given = {name: [_said(getattr(item, name), kinds.get(name)) for item in items] for name in names}
    return forms[shape], forms[shape].arguments({**given, **values})


def _spread_out(statement: Insert, names: Sequence[str], values: frozenset[str]) -> Insert:
    """INSERT … SELECT from the arrays, in their order; values that are the same for all rows stand beside."""
    columns = [c for c in statement.table.columns if c.key in names and c.key not in values]
    same = [c for c in statement.table.columns if c.key in values]
    if wrong := next((c for c in columns if isinstance(c.type, ARRAY)), None):
        message = f"ctx.db.many cannot spread {wrong}, an array itself; write the statement as a text over jsonb."
        raise Misconfigured(message)
    arrays = (bindparam(c.key, type_=ARRAY(Text() if isinstance(c.type, JSON) else c.type)) for c in columns)
    rows = func.unnest(*arrays).table_valued(*(c.key for c in columns), with_ordinality="place", name="given")
    rows = rows.render_derived()
    chosen = [*(_chosen(rows.c[c.key], c) for c in columns), *(bindparam(c.key, type_=c.type) for c in same)]
    query = select(*chosen).order_by(rows.c.place)
    return statement.from_select([c.key for c in (*columns, *same)], query, include_defaults=False)


def _chosen(given: ColumnElement[Any], column: ColumnElement[Any]) -> ColumnElement[Any]:
    return given.cast(column.type) if isinstance(column.type, JSON) else given


def _said(value: object, kind: object) -> object:
    """JSON travels as text: the driver would take a list in an array for another dimension of it."""
    return to_json(value).decode() if isinstance(kind, JSON) and value is not None else value
