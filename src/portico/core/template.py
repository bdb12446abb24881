"""String templates over input and result: `"{id}"`, `"{result.id}"`, `"ip+{email}"`."""

import re
from collections.abc import Mapping
from functools import lru_cache

from portico.errors import Misconfigured

FIELD = re.compile(r"\{([^{}]*)\}")
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
        self._places = list(zip(self.paths, self.pieces[2::2], strict=True))

    def fill(self, values: Mapping[str, object], result: object = None) -> str | None:
        """The text with its places filled; None where one of them has nothing to say."""
        text = self.pieces[0]
        for path, after in self._places:
            if (found := _found(path, values, result)) is None:
                return None
            text += f"{found}{after}"
        return text

    def value(self, values: Mapping[str, object], result: object = None) -> object:
        """What stands in the first place itself; None where it has nothing to say."""
        return _found(self.paths[0], values, result)

    def members(self) -> set[str]:
        """The input members it names."""
        return {p[0] for p in self.paths if p[0] != "result"}


def _found(path: tuple[str, ...], values: Mapping[str, object], result: object) -> object:
    """What a place stands for."""
    found: object = result if path[0] == "result" else values.get(path[0])
    for step in path[1:]:
        found = getattr(found, step, None)
    return found


@lru_cache(maxsize=4096)
def template(text: str) -> Template:
    """The template of a text that policies keep, taken apart once."""
    return Template(text)
