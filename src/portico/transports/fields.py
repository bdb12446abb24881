"""A form's body as one nested object: `user[name]`, `tags[]`, `items[0][title]`.

Both encodings that a browser sends are read. What is empty is the empty text here; `shapes` decides what that means.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias
from urllib.parse import unquote_plus

from portico.errors import FieldError, Invalid, TooManyFields
from portico.transports.multipart import read_parts

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MOST_FIELDS = 1000
DEEPEST = 6
LONGEST_NAME = 200
NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
PART = re.compile(r"\[([^\[\]]*)\]")
Tree: TypeAlias = dict[str, object]


def read_form(body: bytes, content_type: str) -> Tree:
    """The fields of a body; a repeated name is a list.

    Raises Invalid on a name that cannot be read, or is deeper than any form needs; TooManyFields; NoFiles where a file
    comes along, which no form takes.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    pairs = read_parts(body, content_type) if media_type == MULTIPART else _pairs(body)
    return grow(pairs)


def grow(pairs: Iterable[tuple[str, str]]) -> Tree:
    """The object that names with brackets spell; items by number stand in that order, whatever the numbers."""
    tree: Tree = {}
    for count, (name, value) in enumerate(pairs, 1):
        if count > MOST_FIELDS:
            raise TooManyFields
        _put(tree, _path(name), value.replace("\r\n", "\n"), name=name)
    return {name: _settled(value) for name, value in tree.items()}


def _pairs(body: bytes) -> Iterator[tuple[str, str]]:
    """An `application/x-www-form-urlencoded` body."""
    for pair in body.decode("utf-8", "replace").split("&"):
        name, _, value = pair.partition("=")
        if name:
            yield unquote_plus(name), unquote_plus(value)


def _path(name: str) -> list[str]:
    found = NAME.fullmatch(name) if len(name) <= LONGEST_NAME else None
    path = [found[1], *PART.findall(found[2])] if found else []
    if not path or len(path) > DEEPEST or "" in path[1:-1]:
        raise Invalid(errors={name[:100]: [FieldError("VAL_FIELD_NAME")]})
    return path


def _put(tree: Tree, path: list[str], value: str, *, name: str) -> None:
    *way, last = path
    for step in way if last else way[:-1]:
        inner = tree.setdefault(step, {})
        if not isinstance(inner, dict):
            raise Invalid(errors={name[:100]: [FieldError("VAL_FIELD_NAME")]})
        tree = inner
    known = tree.get(key := last or way[-1])
    if isinstance(known, dict):
        raise Invalid(errors={name[:100]: [FieldError("VAL_FIELD_NAME")]})
    if isinstance(known, list):
        known.append(value)
    elif known is not None or not last:
        tree[key] = [value] if known is None else [known, value]
    else:
        tree[key] = value


def _settled(value: object) -> object:
    """Objects whose names are all numbers are lists."""
    if not isinstance(value, dict):
        return value
    inner = {name: _settled(held) for name, held in value.items()}
    if inner and all(name.isascii() and name.isdecimal() and len(name) <= 4 for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
