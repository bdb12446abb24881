"""Statements as values: compiled once to PostgreSQL's own placeholders, run as prepared statements."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, LiteralString, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.sql.dml import Insert, Update

from portico.errors import Misconfigured

if TYPE_CHECKING:
    from sqlalchemy import Executable

Statement: TypeAlias = "Executable | LiteralString"
MOST = 2_000
"""So many texts are remembered; a program that builds more of them loses the whole memory and begins again."""
TOKEN = re.compile(
    r"""
    '(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | (\$\w*\$).*?\1   # strings, names, comments: left alone
    | ::                                                                   # a cast is no placeholder
    | :(?P<name>[A-Za-z_]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)
DIALECT = asyncpg_dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # SQLAlchemy types no constructor of its dialects


class Compiled(NamedTuple):
    """SQL with `$1` places, and which values go there, in order."""

    sql: str
    names: tuple[str, ...]
    fixed: Mapping[str, object]
    """Values that the statement itself brings."""
    as_json: bool = False
    """Whether its rows come as JSON."""

    def arguments(self, values: Mapping[str, object]) -> list[object]:
        """The values in the order of their places; raises Misconfigured where one is missing."""
        try:
            if not self.fixed:
                return list(map(values.__getitem__, self.names))
            return [values[n] if n in values else self.fixed[n] for n in self.names]
        except KeyError as missing:
            message = f"The statement {self.sql[:80]!r} wants :{missing.args[0]}, which was not given."
            raise Misconfigured(message) from None


_texts: dict[str, Compiled] = {}
_built: "WeakKeyDictionary[Any, dict[frozenset[str], Compiled]]" = WeakKeyDictionary()


def compile_statement(statement: Statement, given: Mapping[str, object]) -> Compiled:
    """The statement, compiled at its first use; an INSERT or UPDATE once for each set of columns given."""
    if isinstance(statement, str):
        return _texts.get(statement) or _remember(statement)
    forms = _built.get(statement)
    if forms is None:
        forms = _built[statement] = {}
    writes = isinstance(statement, Insert | Update)
    shape = frozenset(given) if writes else frozenset[str]()
    compiled = forms.get(shape)
    if compiled is None:
        compiled = forms[shape] = _compile(statement, given if writes else None)
    return compiled


def values_of(source: BaseModel | None, values: Mapping[str, object]) -> Mapping[str, object]:
    """Values by name, from a model's fields and from keywords, which win."""
    return values if source is None else {**source.__dict__, **values}


def _remember(text: str) -> Compiled:
    if len(_texts) >= MOST:
        _texts.clear()
    names: list[str] = []
    compiled = _texts[text] = Compiled(TOKEN.sub(_numbered(names), text), tuple(names), {})
    return compiled


def _numbered(names: list[str]) -> Callable[[re.Match[str]], str]:
    def place(found: re.Match[str]) -> str:
        name = found["name"]
        if name is None:
            return found[0]
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return place


def _compile(statement: "Executable", given: Mapping[str, object] | None) -> Compiled:
    columns: Sequence[str] | None = None
    if given is not None and isinstance(statement, Insert | Update):
        columns = [c.key for c in statement.table.columns if c.key in given]
    compiled: Any = statement.compile(dialect=DIALECT, column_keys=columns)  # type: ignore[attr-defined]  # every Executable compiles
    names = compiled.positiontup or []
    fixed = {name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required}
    return Compiled(compiled.string, tuple(names), fixed)
