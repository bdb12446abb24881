"""Whether a schema still takes what it took, or still tells what it told."""

from collections.abc import Iterator
from typing import NamedTuple

from portico.generate.openapi.schemas import NULL, Schema

LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems")
MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
KINDS = ("null", "boolean", "integer", "number", "string", "array", "object")
DEEPEST = 10
"""Shapes that hold themselves are compared to this depth."""


class Documents(NamedTuple):
    """The two documents whose schemas are compared; references lead into each."""

    old: Schema
    new: Schema


def narrowed_input(old: Schema, new: Schema, at: str, *, both: Documents, depth: int = 0) -> Iterator[str]:
    """What was taken and is not any more; `at` says where, from the outside in."""
    where = at or "the body"
    if lost := sorted(_kinds(old, both.old) - _kinds(new, both.new)):
        yield f"{where} may not be {' or '.join(lost)} any more."
        return
    for before, after in _pairs(old, new, both):
        known, now = _choices(before), _choices(after)
        if now and not known:
            yield f"{where} is one of {_listed(now)} now."
        elif known and now and (gone := [value for value in known if value not in now]):
            yield f"{where} may not be {_listed(gone)} any more."
        yield from _bounds(before, after, where)
        if depth < DEEPEST:
            yield from _members_in(before, after, at, both=both, depth=depth + 1)


def _members_in(old: Schema, new: Schema, at: str, *, both: Documents, depth: int) -> Iterator[str]:
    known, now = old.get("properties", {}), new.get("properties", {})
    for name in new.get("required", ()):
        if name not in old.get("required", ()):
            yield f"{_path(at, name)} must be sent now."
    for name, member in known.items():
        if name in now:
            yield from narrowed_input(member, now[name], _path(at, name), both=both, depth=depth)
        else:
            yield f"{_path(at, name)} is not taken any more."
    if "items" in old and "items" in new:
        yield from narrowed_input(old["items"], new["items"], f"{at}[]", both=both, depth=depth)


def narrowed_answer(old: Schema, new: Schema, at: str, *, both: Documents, depth: int = 0) -> Iterator[str]:
    """What was told and is not any more, or is told in ways that clients do not expect."""
    where = at or "the answer"
    if strange := sorted(_kinds(new, both.new) - _kinds(old, both.old)):
        yield f"{where} may be {' or '.join(strange)} now."
        return
    for before, after in _pairs(old, new, both):
        known, now = _choices(before), _choices(after)
        if known and not now:
            yield f"{where} may be anything now, not only {_listed(known)}."
        elif known and now and (other := [value for value in now if value not in known]):
            yield f"{where} may be {_listed(other)} now."
        if before.get("format") not in {None, after.get("format")}:
            yield f"{where} is not written as {before['format']} any more."
        if depth < DEEPEST:
            yield from _members_out(before, after, at, both=both, depth=depth + 1)


def _members_out(old: Schema, new: Schema, at: str, *, both: Documents, depth: int) -> Iterator[str]:
    now = new.get("properties", {})
    for name, member in old.get("properties", {}).items():
        if name not in now:
            yield f"{_path(at, name)} is not told any more."
            continue
        if name in old.get("required", ()) and name not in new.get("required", ()):
            yield f"{_path(at, name)} may be missing now."
        yield from narrowed_answer(member, now[name], _path(at, name), both=both, depth=depth)
    if "items" in old and "items" in new:
        yield from narrowed_answer(old["items"], new["items"], f"{at}[]", both=both, depth=depth)


def _pairs(old: Schema, new: Schema, both: Documents) -> Iterator[tuple[Schema, Schema]]:
    """What stands for each other: the kinds beside null, by what they are made of."""
    before, after = _alternatives(old, both.old), _alternatives(new, both.new)
    if len(before) == len(after) == 1:
        yield before[0], after[0]
        return
    for one in before:
        if alike := [other for other in after if _kinds(other, both.new) & _kinds(one, both.old)]:
            yield one, max(alike, key=lambda other: _likeness(one, other))


def _likeness(one: Schema, other: Schema) -> tuple[int, int]:
    """How much two schemas have in common; what tells kinds apart, such as `kind: "cat"`, weighs most."""
    members, others = one.get("properties", {}), other.get("properties", {})
    shared = members.keys() & others.keys()
    return sum("const" in members[name] and members[name] == others[name] for name in shared), len(shared)


def _alternatives(schema: Schema, document: Schema) -> list[Schema]:
    """The kinds of which a value is one, null aside, each where its reference leads."""
    resolved = _resolved(schema, document)
    several = resolved.get("anyOf") or resolved.get("oneOf")
    if several is None:
        return [resolved]
    return [each for kind in several if kind != NULL for each in _alternatives(kind, document)]


def _bounds(old: Schema, new: Schema, where: str) -> Iterator[str]:
    for bound in (*LEAST, *MOST):
        before, after = old.get(bound), new.get(bound)
        tighter = after is not None and (before is None or (after > before if bound in LEAST else after < before))
        if tighter:
            yield f"{where} has the {bound} {after} now{f', which was {before}' if before is not None else ''}."
    if new.get("pattern") not in {None, old.get("pattern")}:
        yield f"{where} must match {new['pattern']} now."
    if new.get("format") not in {None, old.get("format")}:
        yield f"{where} must be written as {new['format']} now."


def _kinds(schema: Schema, document: Schema) -> set[str]:
    """The JSON types that a value may have; an integer is a number, too."""
    schema = _resolved(schema, document)
    several = schema.get("anyOf") or schema.get("oneOf")
    if several is not None:
        return set().union(*(_kinds(each, document) for each in several))
    kinds = schema.get("type") or [_kind_of(value) for value in _choices(schema) or ()] or KINDS
    found = set(kinds) if not isinstance(kinds, str) else {kinds}
    return found | {"integer"} if "number" in found else found


def _kind_of(value: object) -> str:
    return {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}.get(
        type(value), "object"
    )


def _choices(schema: Schema) -> list[object] | None:
    """The values that are allowed, where they are listed."""
    if "const" in schema:
        return [schema["const"]]
    return schema.get("enum")


def _resolved(schema: Schema, document: Schema) -> Schema:
    """Where references lead."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _path(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _listed(values: list[object]) -> str:
    return ", ".join(map(repr, values))
