"""How an export is written: NDJSON or CSV."""

from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from pydantic import BaseModel, TypeAdapter
from pydantic_core import to_json

from portico.ports.streams import FORMULA, Spelling

PLAIN = (UUID, date, time, timedelta, Decimal)
"""What is written as text, and was never anybody's words."""
MARKS = frozenset(FORMULA)
BOM = b"\xef\xbb\xbf"


class Format(Protocol):
    """Writes rows of one type."""

    @property
    def name(self) -> str:
        """What `?format=` calls it; the ending of its files."""
        ...

    @property
    def media_type(self) -> str:
        """Its Content-Type."""
        ...

    @property
    def spelling(self) -> Spelling:
        """How the database would write it."""
        ...

    def head(self) -> bytes:
        """What comes before the first row."""
        ...

    def line(self, row: Any) -> bytes:
        """One row, its line ended."""
        ...

    def failure(self, problem: bytes) -> bytes:
        """The last line of an export that failed: `problem` is the body of the refusal that it would have been."""
        ...


class Ndjson:
    """One JSON value a line."""

    name = "ndjson"
    media_type = "application/x-ndjson"
    spelling: Spelling = "json"

    def __init__(self, adapter: TypeAdapter[Any]) -> None:
        """Write rows of the adapter's type."""
        self._write: Callable[..., bytes] = adapter.serializer.to_json

    @staticmethod
    def head() -> bytes:
        """Nothing."""
        return b""

    def line(self, row: Any) -> bytes:
        """The row as the model writes it."""
        return self._write(row, warnings="error") + b"\n"

    @staticmethod
    def failure(problem: bytes) -> bytes:
        """`{"error": …}`."""
        return b'{"error":%b}\n' % problem


class Csv:
    """RFC 4180, with a line of names; text always stands in quotes, so that an empty one differs from none."""

    name = "csv"
    media_type = "text/csv; charset=utf-8; header=present"
    spelling: Spelling = "csv"

    def __init__(self, row: Any, adapter: TypeAdapter[Any], *, bom: bool) -> None:
        """Write rows of a type, a model or anything else; `bom` begins with what tells Excel that it is UTF-8."""
        self._columns = columns_of(row)
        self._dump: Callable[..., Any] = adapter.serializer.to_python
        self._start = BOM if bom else b""

    def head(self) -> bytes:
        """The names of the columns."""
        names = self._columns or {"value": "value"}
        return self._start + ",".join(map(_quoted, names.values())).encode() + b"\r\n"

    def line(self, row: Any) -> bytes:
        """One cell for each column."""
        dumped = self._dump(row, mode="json", warnings="error")
        if self._columns is None:
            return f"{cell(dumped, row)}\r\n".encode()
        cells = [cell(dumped.get(shown), getattr(row, name, None)) for name, shown in self._columns.items()]
        return f"{','.join(cells)}\r\n".encode()

    @staticmethod
    def failure(problem: bytes) -> bytes:
        """A cell of its own, which no reader takes for a whole row."""
        return f"{_quoted('#error ' + problem.decode())}\r\n".encode()


def columns_of(row: Any) -> dict[str, str] | None:
    """Names of a model's fields, and what they are called outside; None of what is no model."""
    if not (isinstance(row, type) and issubclass(row, BaseModel)):
        return None
    outside = bool(row.model_config.get("serialize_by_alias"))
    shown = {name: field.serialization_alias for name, field in row.model_fields.items() if not field.exclude}
    shown |= {name: field.alias for name, field in row.model_computed_fields.items()}
    return {name: (alias if outside else None) or name for name, alias in shown.items()}


def cell(written: object, value: object) -> str:
    """What JSON would hold, as a cell; text of anybody's that begins like a formula is marked as text."""
    if written is None:
        return ""
    if isinstance(written, bool):
        return "true" if written else "false"
    if isinstance(written, int | float):
        return str(written)
    if not isinstance(written, str):
        return _quoted(to_json(written).decode())
    return _quoted(written if isinstance(value, PLAIN) or written[:1] not in MARKS else f"'{written}")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
