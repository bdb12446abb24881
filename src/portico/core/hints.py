"""Whether a value is what a type says, as far as that can be told at run time; and what to write instead."""

from collections.abc import Callable, Collection, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, LiteralString, NamedTuple, Union, get_args, get_origin

SHOWN = 60
"""Characters of a wrong value that are told."""
WORDS: Mapping[object, str] = {
    str: "a text",
    LiteralString: "a text",
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    type: "a class",
    Callable: "a function",
}
"""What a person calls them; other classes go by their names."""
NAMES: Mapping[str, str] = {"Declared": "Action", "Mapping": "dict"}


class Misfit(NamedTuple):
    """What does not fit: where it stands, and what to write there."""

    path: str
    value: object
    wanted: str


class Hint(NamedTuple):
    """A type, taken apart."""

    kind: Any
    inner: tuple[Any, ...]

    @property
    def many(self) -> bool:
        """Whether it is any number of things of one type: then any collection will do that is no text."""
        if self.kind is tuple:
            return self.inner[1:] == (...,)
        return bool(self.inner) and _is_kind(self.kind, Collection) and not _is_kind(self.kind, Mapping)

    def admits(self, value: object) -> bool:
        """Whether the value is of the type, whatever is inside of it."""
        if self.kind is Literal:
            return any(value == word and type(value) is type(word) for word in self.inner)
        if self.kind is type and isinstance(value, type):
            return not self.inner or _is_instance(value, self.inner[0], of=issubclass)
        if self.many:
            return isinstance(value, Collection) and not isinstance(value, str | bytes | Mapping)
        if isinstance(value, bool) and self.kind in {int, float}:
            return False
        return _is_instance(value, {float: (int, float), LiteralString: str}.get(self.kind, self.kind))

    def parts(self, value: Any) -> Iterator[tuple[str, object, Any]]:
        """What is inside of such a value: where, and the type that it should have."""
        if self.many:
            yield from ((f"[{n}]", item, self.inner[0]) for n, item in enumerate(value))
        elif len(self.inner) > 1 and _is_kind(self.kind, Mapping):
            for key, item in value.items():
                yield " key", key, self.inner[0]
                yield f"[{key!r}]", item, self.inner[1]

    def mend(self, value: object) -> str:
        """What to write instead of the value."""
        if self.kind is Literal:
            *most, last = map(repr, self.inner)
            return f"{', '.join(most)} or {last}" if most else last
        if self.many:
            alone = misfit("", value, self.inner[0]) is None
            return f"a list of one, ({shown(value)},)" if alone else f"a list, each {called(self.inner[0])}"
        return f"a subclass of {self.inner[0].__name__}" if self.kind is type and self.inner else called(self.kind)


def misfit(path: str, value: object, given: Any) -> Misfit | None:
    """The innermost part of a value that is not what a type says; None where all of it is, or nobody can tell."""
    hint = Hint(get_origin(given) or given, get_args(given))
    if hint.kind is Annotated:
        return misfit(path, value, hint.inner[0])
    if hint.kind in {Union, UnionType}:
        return _of_several(path, value, hint.inner)
    if not hint.admits(value):
        return Misfit(path, value, hint.mend(value))
    found = (misfit(path + where, item, inner) for where, item, inner in hint.parts(value))
    return next(filter(None, found), None)


def shown(value: object) -> str:
    """A value as a person recognizes it: functions and classes by their names."""
    text = getattr(value, "__qualname__", None) or repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def called(given: Any) -> str:
    """What a person calls a type."""
    kind = get_origin(given) or given
    if kind in WORDS:
        return WORDS[kind]
    name = getattr(kind, "__name__", str(kind))
    name = NAMES.get(name, name)
    return f"{'an' if name[:1] in 'AEIOU' else 'a'} {name}"


def _of_several(path: str, value: object, given: tuple[Any, ...]) -> Misfit | None:
    """Of a choice of types: what is wrong with a value that is none of them."""
    wrong = [found for one in given if (found := misfit(path, value, one)) is not None]
    if len(wrong) < len(given):
        return None
    inside = next((found for found in wrong if found.path != path), None)
    wanted = dict.fromkeys(found.wanted for one, found in zip(given, wrong, strict=True) if one is not type(None))
    return inside or Misfit(path, value, " or ".join(wanted))


def _is_kind(kind: Any, of: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, of)


def _is_instance(value: Any, kind: Any, *, of: Callable[[Any, Any], bool] = isinstance) -> bool:
    """Whether it is one, or nobody can tell at run time: of a protocol, a variable."""
    try:
        return of(value, kind)
    except TypeError:
        return True
