"""A form drawn from what its action takes: fields with their labels, limits, values and errors."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup
from pydantic import BaseModel

from portico.core.inputs import Binder
from portico.core.template import Template
from portico.transports.shapes import Shape, shape_of, written

MINUTES = "%Y-%m-%dT%H:%M"
NOTHING: Mapping[str, object] = {}


class Blank:
    """An action's form, not yet filled in: where it is posted, and what it asks for."""

    def __init__(self, action: str, path: str, binder: Binder) -> None:
        """The shape is read when first wanted."""
        self.action = action
        self.path = Template(path)
        self._binder = binder

    @cached_property
    def shape(self) -> Shape:
        """What the action takes."""
        return shape_of(self._binder)


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a template wants a form to be: all by dotted path, where it is about fields."""

    submit: str = "Save"
    id: str = ""
    path: str = ""
    """Where it is posted, with its query; what the action's own path says unless given."""
    only: Sequence[str] = ()
    """The fields that are drawn, in this order; all of them unless given."""
    labels: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Iterable[object]] = field(default_factory=dict)
    """What a field offers: values, or pairs of a value and its words."""
    values: object = None
    """What stands in it at first: a mapping, or a model."""
    attributes: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """More attributes of an input, such as `autocomplete`."""
    rows: Mapping[str, int] = field(default_factory=dict)
    """How many empty rows a list has at its end; one unless given."""
    zone: str = ""
    """The time zone of its moments, by its IANA name."""
    beside: str | Markup = ""
    """What stands beside the button."""
    in_place: bool = True
    """Whether it is sent without leaving the page, where scripts run."""


class Choice(NamedTuple):
    """One option."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field as the template draws it."""

    name: str
    path: str
    id: str
    kind: str
    label: str
    hint: str
    required: bool
    attributes: Mapping[str, object]
    value: object
    errors: Sequence[str]
    choices: Sequence[Choice] = ()
    members: Sequence["Field"] = ()
    zone: str = ""
    first: bool = False
    """Whether it is the first that is to blame: the cursor goes there."""

    @property
    def described(self) -> str:
        """The ids of what is said of it."""
        hint = [f"{self.id}-hint"] if self.hint else []
        return " ".join([*hint, *(f"{self.id}-error-{n}" for n in range(1, len(self.errors) + 1))])

    @property
    def offers_nothing(self) -> str:
        """The words of the choice that chooses nothing; empty where one must be made and is."""
        if not self.required:
            return "–"
        return "" if any(choice.chosen for choice in self.choices) else "…"


class Blamed(NamedTuple):
    """A line of the summary of errors."""

    id: str
    label: str
    message: str


class Fill:
    """What fills a form: what was entered or stood there before, what was wrong with it, how it should look."""

    def __init__(self, values: object, errors: Mapping[str, Sequence[str]], style: Style) -> None:
        """Values by member, errors by dotted path."""
        self._values, self.errors, self._style = values, errors, style
        self._prefix = f"{style.id}-"

    def draw(self, shape: Shape) -> list[Field]:
        """The fields of a form."""
        wanted = self._style.only or list(shape.members)
        fields = [self._field(shape.members[name], (name,)) for name in wanted if name in shape.members]
        return list(self._focused(fields, [False]))

    def _field(self, shape: Shape, path: tuple[str, ...], given: object = None) -> Field:
        dotted, style = ".".join(path), self._style
        value = given if len(path) > 1 else look(self._values, path)
        value = shape.default if value is None else value
        plain = ".".join(step for step in path if not step.isdecimal()) + "[]" * path[-1].isdecimal()
        choices = tuple(self._choices(shape, plain, value))
        return Field(
            name=path[0] + "".join(f"[{step}]" for step in path[1:]),
            path=dotted,
            id=self._prefix + "-".join(path),
            kind=shape.kind,
            label=style.labels.get(plain, shape.label),
            hint=style.hints.get(plain, shape.hint),
            required=shape.required,
            attributes={**(NOTHING if choices else shape.attributes), **style.attributes.get(plain, NOTHING)},
            value=self._shown(shape, value),
            errors=self.errors.get(dotted, ()),
            choices=choices,
            members=tuple(self._members(shape, path, value)),
            zone=style.zone if shape.kind == "moment" else "",
        )

    def _shown(self, shape: Shape, value: object) -> object:
        if shape.kind == "secret" or value is None:
            return ""
        if shape.kind == "flag":
            last = value[-1] if isinstance(value, list) and value else value
            return last in {True, "true", "on", "1"}
        if isinstance(value, datetime):
            zone = self._style.zone
            return (value.astimezone(ZoneInfo(zone)) if zone and value.tzinfo else value).strftime(MINUTES)
        return value

    def _choices(self, shape: Shape, path: str, value: object) -> Iterator[Choice]:
        offered = self._style.choices.get(path)
        many = shape.kind == "list"
        if offered is None:
            offered = shape.item.choices if many and shape.item else shape.choices
        chosen = {written(v) for v in value} if isinstance(value, Iterable) and many else {written(value)}
        for choice in offered:
            held, words = (
                choice if isinstance(choice, tuple) else (choice, written(choice).replace("_", " ").capitalize())
            )
            yield Choice(written(held), str(words), written(held) in chosen)

    def _members(self, shape: Shape, path: tuple[str, ...], value: object) -> Iterator[Field]:
        if shape.kind == "object":
            for name, member in shape.members.items():
                one = self._field(member, (*path, name), look(value, (name,)))
                yield _optional(one) if shape.nullable else one
        elif shape.item is not None and not shape.item.choices and ".".join(path) not in self._style.choices:
            held = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else []
            rows = len(held) + self._style.rows.get(".".join(path), 1)
            loose = replace(shape.item, required=False)
            for number in range(rows):
                row = self._field(loose, (*path, str(number)), held[number] if number < len(held) else None)
                yield replace(_optional(row) if number >= len(held) else row, label=f"{row.label} {number + 1}".strip())

    def _focused(self, fields: Iterable[Field], found: list[bool]) -> Iterator[Field]:
        """The fields, of which the first that is to blame takes the cursor."""
        for one in fields:
            first = bool(one.errors) and not found[0] and not one.members
            found[0] = found[0] or first
            yield replace(one, first=first, members=tuple(self._focused(one.members, found)))


def blamed_of(fields: Iterable[Field], errors: Mapping[str, Sequence[str]]) -> Iterator[Blamed]:
    """A line for each error, with the id of its field where there is one."""
    known = {one.path: one for one in flat(fields)}
    for path, messages in errors.items():
        one = known.get(path)
        for message in messages:
            yield Blamed(one.id if one else "", one.label if one else path, message)


def flat(fields: Iterable[Field]) -> Iterator[Field]:
    """All fields, those within others too."""
    for one in fields:
        yield one
        yield from flat(one.members)


def look(values: object, path: Sequence[str]) -> object:
    """What stands at a path of a mapping, a list or a model; None where nothing does."""
    for step in path:
        if isinstance(values, BaseModel):
            values = getattr(values, step, None)
        elif isinstance(values, Mapping):
            values = values.get(step)
        elif isinstance(values, list) and step.isdecimal() and int(step) < len(values):
            values = values[int(step)]
        else:
            return None
    return values


def _optional(row: Field) -> Field:
    """What may be left out as a whole: an empty row at the end of a list, an object that may be None."""
    return replace(row, required=False, members=tuple(_optional(member) for member in row.members))
