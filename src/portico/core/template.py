"""String templates over input and result: `"{id}"`, `"{result.id}"`, `"ip+{email}"`."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Protocol
from uuid import UUID

from portico.errors import Misconfigured

RESULT = "result"
FIELD = re.compile(r"\{([^{}]*)\}")
PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


class Fill(Protocol):
    """Fills the places of a template."""

    def __call__(self, values: Mapping[str, object], result: object = None, /) -> str | None:
        """The text with its places filled; None where one of them has nothing to say."""
        ...


class Template:
    """A string with places for members of the input (`{id}`) and of the result (`{result.id}`)."""

    __slots__ = ("fill", "paths", "pieces", "text")

    fill: Fill

    def __init__(self, text: str) -> None:
        """Take the text apart; raises Misconfigured where a place is not a dotted name."""
        self.text = text
        self.pieces = FIELD.split(text)
        self.paths = [tuple(p.split(".")) for p in self.pieces[1::2]]
        for piece in self.pieces[1::2]:
            if not PATH.fullmatch(piece):
                message = (
                    f"The template {text!r} has {{{piece}}}, which names no member; write {{id}} or {{result.id}}."
                )
                raise Misconfigured(message)
        self.fill = _filling(self.pieces, self.paths)

    def value(self, values: Mapping[str, object], result: object = None) -> object:
        """What stands in the first place itself; None where it has nothing to say."""
        member, *steps = self.paths[0]
        found = result if member == RESULT else values.get(member)
        for step in steps:
            found = getattr(found, step, None)
        return found

    def members(self) -> set[str]:
        """The input members it names."""
        return {p[0] for p in self.paths if p[0] != RESULT}


@lru_cache(maxsize=4096)
def template(text: str) -> Template:
    """The template of a text that policies keep, taken apart once."""
    return Template(text)


@lru_cache(maxsize=1024)
def in_letters(number: int) -> str:
    """An id in letters: a call's limits, row and tags name the same one.

    By its number, as ids themselves are slowly hashed and compared, and slowly spelled by the standard library.
    """
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _filling(pieces: Sequence[str], paths: Sequence[tuple[str, ...]]) -> Fill:
    """What fills the places of a template; most have one, or none."""
    if not paths:
        return lambda _values, _result=None, /: pieces[0]
    if len(paths) == 1:
        return _place(pieces[0], paths[0], pieces[2])
    return _one_after_another(pieces[0], [*map(partial(_place, ""), paths, pieces[2::2])])


def _place(before: str, path: tuple[str, ...], after: str) -> Fill:
    """Fills one place, with the text around it."""
    member, steps = "" if path[0] == RESULT else path[0], path[1:]
    if member and not steps:
        return _whole(before, member, after)

    def fill(values: Mapping[str, object], result: object = None, /) -> str | None:
        found = values.get(member) if member else result
        for step in steps:
            found = getattr(found, step, None)
        if found is None:
            return None
        return f"{before}{in_letters(found.int) if type(found) is UUID else found}{after}"

    return fill


def _whole(before: str, member: str, after: str) -> Fill:
    """The same of a member as it is, as most places are."""

    def fill(values: Mapping[str, object], _result: object = None, /) -> str | None:
        found = values.get(member)
        if found is None:
            return None
        return f"{before}{in_letters(found.int) if type(found) is UUID else found}{after}"

    return fill


def _one_after_another(before: str, parts: Sequence[Fill]) -> Fill:
    """Fills all of them, after what stands before."""

    def fill(values: Mapping[str, object], result: object = None, /) -> str | None:
        text = before
        for part in parts:
            found = part(values, result)
            if found is None:
                return None
            text += found
        return text

    return fill
