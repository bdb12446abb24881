"""Rows as NDJSON and CSV."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, computed_field
from pydantic_core import from_json

from portico.ports.streams import FORMULA
from portico.transports.spelling import BOM, Csv, Ndjson, cell

MOMENT = datetime(2030, 5, 17, 10, tzinfo=UTC)


class Word(StrEnum):
    """Words of ours, that look like a formula."""

    MINUS = "-minus"


class Size(Enum):
    """Numbers."""

    BIG = -3


class Line(BaseModel):
    """A row."""

    name: str
    count: int | None = None


class Renamed(BaseModel):
    """A row that is called otherwise outside."""

    model_config = ConfigDict(serialize_by_alias=True)
    inner: str = Field(serialization_alias="outer")
    hidden: str = Field(default="secret", exclude=True)

    @computed_field
    def twice(self) -> str:
        """Worked out."""
        return self.inner * 2


def table(row: Any, *rows: Any, bom: bool = False) -> str:
    """Rows as CSV."""
    writer = Csv(row, TypeAdapter(row), bom=bom)
    return (writer.head() + b"".join(map(writer.line, rows))).decode()


def test_a_table_has_its_names_first() -> None:
    """Lines end as RFC 4180 wants it; none differs from empty."""
    assert table(Line, Line(name="", count=1), Line(name="b")) == '"name","count"\r\n"",1\r\n"b",\r\n'


def test_names_are_those_of_the_outside() -> None:
    """Aliases where the model writes them, computed fields too; what is excluded stays in."""
    assert table(Renamed, Renamed(inner="a")) == '"outer","twice"\r\n"a","aa"\r\n'


def test_what_is_no_model_has_one_column() -> None:
    """Its name is `value`."""
    assert table(int, 1, -2) == '"value"\r\n1\r\n-2\r\n'
    assert table(list[int], [1, 2]) == '"value"\r\n"[1,2]"\r\n'


def test_a_byte_order_mark_is_the_very_first() -> None:
    """Before the names, and once."""
    assert table(Line, bom=True).encode() == BOM + b'"name","count"\r\n'


@pytest.mark.parametrize("sign", "=+-@\t\r\n\u2212\uff1d\uff0b\uff0d\uff20")
def test_text_that_would_be_run_is_marked(sign: str) -> None:
    """With an apostrophe inside of the quotes; in the middle, the sign is harmless."""
    assert cell(f"{sign}1", f"{sign}1") == f'"\'{sign}1"'
    assert cell(f"a{sign}1", f"a{sign}1") == f'"a{sign}1"'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("-1.50"), '"-1.50"'),
        (timedelta(seconds=-1), '"-PT1S"'),
        (MOMENT, '"2030-05-17T10:00:00Z"'),
        (date(2030, 5, 17), '"2030-05-17"'),
        (time(10, 30), '"10:30:00"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (Size.BIG, "-3"),
        (Word.MINUS, '"\'-minus"'),
        (-1.5, "-1.5"),
        (False, "false"),
        (None, ""),
        ({"a": '"'}, '"{""a"":""\\""""}"'),
    ],
)
def test_values_are_written_by_their_kind(value: object, written: str) -> None:
    """Numbers, times and ids are nobody's words and stay as they are; an enumeration of words may be anybody's."""
    dumped = TypeAdapter(type(value)).dump_python(value, mode="json")

    assert cell(dumped, value) == written


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_any_text_comes_back_from_a_table(texts: list[str]) -> None:
    """Through the reader of the standard library; what was marked, with its mark."""
    written = table(Line, *(Line(name=text) for text in texts))

    rows = list(csv.reader(StringIO(written, newline="")))[1:]

    marked = [f"'{text}" if text[:1] and text[0] in FORMULA else text for text in texts]
    assert [row[0] for row in rows] == marked


def test_ndjson_is_a_value_a_line() -> None:
    """As the model writes it, line breaks inside of text included."""
    writer = Ndjson(TypeAdapter(Line))

    lines = writer.head() + writer.line(Line(name="two\nlines")) + writer.line(Line(name="b", count=2))

    assert lines == b'{"name":"two\\nlines","count":null}\n{"name":"b","count":2}\n'


def test_a_failure_is_no_row() -> None:
    """In NDJSON an object with `error` alone, in CSV one cell."""
    problem = b'{"code":"CONFLICT"}'

    assert from_json(Ndjson.failure(problem)) == {"error": {"code": "CONFLICT"}}
    assert next(csv.reader([Csv.failure(problem).decode()])) == ['#error {"code":"CONFLICT"}']


def test_what_is_not_the_declared_type_is_not_written() -> None:
    """A handler that yields something else is a mistake, and seen."""
    with pytest.raises(Exception, match=r"[Ee]xpected"):
        Ndjson(TypeAdapter(Line)).line("a word")
