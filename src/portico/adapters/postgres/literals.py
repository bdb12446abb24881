"""Values as SQL text, for the one place where two statements share a trip: values cannot travel beside them there.

Strings are written with E'', where a quote and a backslash are doubled: that holds whatever
`standard_conforming_strings` says (PostgreSQL, section 4.1.2.2). None names its type: the function that it goes to has
one, and a type that is named is looked up and converted to for each statement anew.
"""

from collections.abc import Sequence

NUL = "a NUL character cannot be stored"


def text(value: str | None) -> str:
    """A string, or null. Raises UnicodeError for NUL: PostgreSQL stores none, and it would end the statement."""
    if value is None:
        return "null"
    if "\0" in value:
        raise UnicodeError(NUL)
    return "E'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def strings(values: Sequence[str | None]) -> str:
    """Some strings, at least one, each with a comma before the next; raises as `text` does."""
    if None in values:
        return ", ".join(map(text, values))
    joined = _joined(values)
    return "E'" + joined.replace("\\", "\\\\").replace("'", "''").replace("\0", "', E'") + "'"


def texts(values: Sequence[str | None]) -> str:
    """An array of strings, or of nulls among them (PostgreSQL, section 8.15.2); raises as `text` does."""
    if not values:
        return "'{}'"
    if None in values:
        return text(f"{{{','.join(map(_element, values))}}}")
    quoted = _joined(values).replace("\\", r"\\\\").replace('"', r'\\"').replace("'", "''").replace("\0", '","')
    return f"""E'{{"{quoted}"}}'"""


def octets(value: bytes) -> str:
    """Bytes, in hexadecimal."""
    return f"E'\\\\x{value.hex()}'"


def _joined(values: Sequence[str | None]) -> str:
    """All of them in one, so that all are quoted at once."""
    joined = "\0".join(values)  # type: ignore[arg-type]  # whoever calls has looked that there is no None
    if joined.count("\0") >= len(values):
        raise UnicodeError(NUL)
    return joined


def _element(value: str | None) -> str:
    if value is None:
        return "null"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
