"""Rows that PostgreSQL writes as JSON, where the model would have written the very same.

A page of a list is mostly passed on as it comes: decoding each value, validating it and encoding it again costs several
times what the database needs to write the JSON itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin
from uuid import UUID

import asyncpg
from pydantic import AwareDatetime, BaseModel, TypeAdapter
from sqlalchemy import BigInteger, Boolean, ColumnElement, DateTime, Integer, Select, SmallInteger, String, Uuid
from sqlalchemy.types import TypeEngine

from portico.adapters.postgres.statements import Compiled
from portico.ports.paging import Ready

WRITTEN_ALIKE: tuple[tuple[type[TypeEngine[Any]], frozenset[Any]], ...] = (
    (Uuid, frozenset({UUID})),
    (String, frozenset({str})),
    (Boolean, frozenset({bool})),
    (DateTime, frozenset({datetime, AwareDatetime})),
    (Integer, frozenset({int})),
    (SmallInteger, frozenset({int})),
    (BigInteger, frozenset({int})),
)
PLAIN_CONFIG = frozenset({"from_attributes", "extra", "frozen", "title", "str_strip_whitespace"})


def written_alike(into: object, selected: Select[Any]) -> bool:
    """Whether the database's JSON of the row is what the model would have written: plain types, nothing customized."""
    if not (isinstance(into, type) and issubclass(into, BaseModel)):
        return False
    decorators = into.__pydantic_decorators__
    customized = any(getattr(decorators, kind.name) for kind in fields(decorators)) or into.__pydantic_root_model__
    columns = selected.selected_columns
    if customized or not PLAIN_CONFIG.issuperset(into.model_config) or not columns or not into.model_fields:
        return False
    return all(
        name in columns
        and field.alias is None
        and not _transforms(field.metadata)
        and _alike(field.annotation, columns[name])
        for name, field in into.model_fields.items()
    )


class Cut(NamedTuple):
    """Where a page ends, and how many values its cursor has."""

    limit: int
    ordered_by: int


def json_statement(page: Compiled, selected: Select[Any], into: type[BaseModel], *, cut: Cut) -> Compiled:
    """The page as one row: its rows as one JSON list, whether there are more, and the values that the cursor needs."""
    lasts = "".join(f', (array_agg(p."_order{i}"))[{cut.limit}] "_order{i}"' for i in range(cut.ordered_by))
    rows = f"(array_agg({object_of(selected, into)} || '}}'))[:{cut.limit}]"
    sql = (
        f"select '[' || coalesce(array_to_string({rows}, ','), '') || ']' \"_json\","
        f' count(*) > {cut.limit} "_more"{lasts} from ({page.sql}) p'
    )
    return Compiled(sql, page.names, page.fixed, as_json=True)


def as_json(row: asyncpg.Record, into: type[Any]) -> Ready:
    """The page's JSON, and how to read it."""
    return Ready(row["_json"].encode(), into, _list_of(into))


_lists: dict[object, Callable[[bytes], list[Any]]] = {}


def _list_of(into: type[Any]) -> Callable[[bytes], list[Any]]:
    """Reads the rows when somebody looks at them."""
    known = _lists.get(into)
    if known is None:
        known = _lists[into] = TypeAdapter(list[into]).validate_json  # type: ignore[valid-type]  # made at run time
    return known


def object_of(selected: Select[Any], into: type[BaseModel]) -> str:
    """The SQL of a row's JSON, but for its last brace; put together by hand, it costs less than `row_to_json`."""
    columns = [selected.selected_columns[name] for name in into.model_fields]
    members = (f"'{',' if i else '{'}\"{c.key}\":' || {_value(c)}" for i, c in enumerate(columns))
    return " || ".join(members)


def _value(column: ColumnElement[Any]) -> str:
    place = f'p."{column.key}"'
    if isinstance(column.type, DateTime):
        text = moment_of(place)
    elif isinstance(column.type, String):
        text = f"to_json({place})::text"
    elif isinstance(column.type, Uuid):
        text = f"'\"' || {place} || '\"'"
    else:
        text = f"{place}::text"
    return f"coalesce({text}, 'null')"


def moment_of(place: str) -> str:
    """The SQL of a moment in quotes, as Pydantic writes it: six digits behind a second, or none where all are zero.

    PostgreSQL's own way, which leaves zeros at the end out, is quicker than a pattern, and right for nearly all.
    """
    own = f"replace(to_json({place})::text, '+00:00', 'Z')"
    alike = f"{place}::timestamptz(5) <> {place} or {place}::timestamptz(0) = {place}"
    padded = f"""to_char({place} at time zone 'UTC', '\\"YYYY-MM-DD"T"HH24:MI:SS.US"Z"\\"')"""
    return f"case when {alike} then {own} else {padded} end"


def _alike(annotation: Any, column: Any) -> bool:
    kinds = set(_kinds(annotation))
    if isinstance(column.type, DateTime) and not column.type.timezone:
        return False
    return any(isinstance(column.type, known) and kinds <= alike for known, alike in WRITTEN_ALIKE)


def _kinds(annotation: Any) -> Iterator[Any]:
    """The types that the annotation takes besides None; the words of a Literal are strings, or whatever they are."""
    origin = get_origin(annotation)
    if origin is Literal:
        yield from (type(word) for word in get_args(annotation))
    elif origin in {Union, UnionType}:
        for part in get_args(annotation):
            if part is not NoneType:
                yield from _kinds(part)
    else:
        yield annotation


def _transforms(metadata: list[Any]) -> bool:
    """Whether anything but a plain constraint stands beside the type."""
    return any(
        type(item).__module__ != "annotated_types" and type(item).__name__ != "StringConstraints" for item in metadata
    )
