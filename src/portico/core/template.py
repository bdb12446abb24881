"""String templates over input and result: `"{id}"`, `"{result.id}"`, `"ip+{email}"`."""

import re
from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from portico.errors import Misconfigured

RESULT = "result"
FIELD = re.compile(r"\{([^{}]*)\}")
in_letters = lru_cache(maxsize=1024)(str)
"""An id in letters: a call's limits, row and tags name the same one, and the standard library spells it slowly."""
PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


class Template:
    """A string with places for members of the input (`{id}`) and of the result (`{result.id}`)."""

    __slots__ = ("_places", "paths", "pieces", "text")

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
        self._places = [
            ("" if path[0] == RESULT else path[0], path[1:], after)
            for path, after in zip(self.paths, self.pieces[2::2], strict=True)
        ]

    def fill(self, values: Mapping[str, object], result: object = None) -> str | None:
        """The text with its places filled; None where one of them has nothing to say."""
        text = self.pieces[0]
        for member, steps, after in self._places:
            found = values.get(member) if member else result
            for step in steps:
                found = getattr(found, step, None)
            if found is None:
                return None
            text += f"{in_letters(found) if type(found) is UUID else found}{after}"
        return text

    def value(self, values: Mapping[str, object], result: object = None) -> object:
        """What stands in the first place itself; None where it has nothing to say."""
        member, steps, _ = self._places[0]
        found = values.get(member) if member else result
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
