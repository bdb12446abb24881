"""An action's input: one flat object, whatever the transport; each parameter takes its members from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, SecretBytes, SecretStr, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, from_json, to_json

from portico.core.field_errors import from_pydantic
from portico.core.literals import read_spelled
from portico.core.strange import DATED, LOOSE, holds, strange_values
from portico.core.value import Value
from portico.errors import Error, FieldError
from portico.ports.quick import quickly

Source: TypeAlias = Literal["path", "query", "header", "cookie", "body"]
Errors: TypeAlias = dict[str, list[FieldError]]
Arguments: TypeAlias = dict[str, Any]
MISSING = object()
BAD_JSON: Errors = {"body": [FieldError("VAL_INVALID_JSON")]}
NO_OBJECT: Errors = {"body": [FieldError("VAL_INVALID_FORMAT")]}


class NoObject(ValueError):
    """A body that is JSON, but no object."""


class Strange(ValueError):
    """Input with NUL in it, by member."""

    def __init__(self, errors: Errors) -> None:
        """What to say of each member."""
        super().__init__()
        self.errors = errors


class From(Value):
    """In Annotated: the member comes from here."""

    source: Literal["query", "header", "cookie", "body"]
    name: str = ""


@dataclass(slots=True)
class Raw:
    """What came over a wire, not yet trusted; `body` is JSON, `fields` an already flat object."""

    path: Mapping[str, str]
    query: Mapping[str, object]
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    body: bytes = b""
    fields: Mapping[str, object] | None = None
    stored: bool = False
    """Whether it was let in once and has waited, as a webhook's does: a text of others may hold what no row could."""


class Member(Value):
    """One member of the flat input."""

    name: str
    source: Source
    wire: str
    """Its name on the wire, where a header or cookie has another."""
    many: bool = False
    """Whether it is a list, which a query string spells by repeating the name."""
    secret: bool = False
    """Whether its type keeps it from being shown."""
    text: bool = False
    """Whether it is a text and nothing else, which is no amount."""
    spelled: tuple[tuple[str, object], ...] = ()
    """The values of its `Literal` that are no texts, each with its spelling."""


class Parameter(Value):
    """One parameter of the handler; a model takes several members, anything else is one itself."""

    name: str
    members: tuple[Member, ...]
    model: type[BaseModel] | None
    adapter: TypeAdapter[Any]
    default: object = MISSING
    strict_names: bool = False
    """Whether its model forbids unknown members."""

    @property
    def required(self) -> bool:
        """Whether it has no default."""
        return self.default is MISSING


class Bound(NamedTuple):
    """Validated input: the handler's arguments, or why not."""

    arguments: dict[str, Any]
    errors: Errors | None = None
    refusal: Error | None = None
    """Another reason, such as a media type that nobody reads; kept back until the caller is known."""


bound_of = quickly(Bound)
MASK = b"**********"


def _revealed(value: object) -> object:
    return value.get_secret_value() if isinstance(value, SecretStr | SecretBytes) else repr(value)


def _json(body: bytes) -> object:
    """What a body held, for saying where it is wrong; None where that is no JSON."""
    try:
        return from_json(body)
    except ValueError:
        return None


def _misspelled(body: bytes) -> Errors | None:
    """What Pydantic reads in it, and JSON does not know or PostgreSQL does not store; None where that is nothing."""
    if b"NaN" in body or b"Infinity" in body or b"\\u0000" in body:
        return strange_values(_json(body)) or None
    return None


def _tells_far_days(body: bytes) -> bool:
    """Whether a moment in it may be in no year once it is told in UTC."""
    return b"0001-" in body or b"9999-" in body


def _whole_body(bodily: list[Parameter]) -> Parameter | None:
    """The model that alone takes the body: then its JSON is validated as it comes, with no copy."""
    if len(bodily) != 1 or bodily[0].model is None:
        return None
    return bodily[0] if all(m.source == "body" for m in bodily[0].members) else None


def _strange(watched: list[Parameter], arguments: Arguments) -> Errors | None:
    """The members that hold what Pydantic takes and nobody can say again, such as `1e999`; None where there is none."""
    found: Errors = {}
    for parameter in watched:
        value = arguments[parameter.name]
        if value is not parameter.default:
            found.update(strange_values(value, () if parameter.model else (parameter.name,)))
    return found or None


def _taken(parameter: Parameter, flat: Mapping[str, object], *, stored: bool) -> object:
    """The parameter's value, of its members; raises Strange or ValidationError."""
    if parameter.model is not None:
        given = {m.name: flat[m.name] for m in parameter.members if m.name in flat}
        return _validated(parameter, given, stored=stored)
    if parameter.name in flat:
        return _validated(parameter, flat[parameter.name], stored=stored)
    if parameter.default is not MISSING:
        return parameter.default
    raise ValidationError.from_exception_data(parameter.name, [{"type": "missing", "input": None}])


def _validated(parameter: Parameter, given: object, *, stored: bool) -> object:
    """JSON is validated as JSON, so that a strict model takes a date from its string."""
    validator = parameter.adapter.validator
    if parameter.members[0].source != "body":
        if not stored and r"\x00" in repr(given):
            _refuse_nul(parameter, given)
        return validator.validate_python(given)
    written = to_json(given, fallback=str)
    if not stored and b"\\u0000" in written:
        _refuse_nul(parameter, given)
    return validator.validate_json(written)


def _findings(problem: ValidationError, parameter: Parameter, sent: object) -> Errors:
    """What Pydantic found wrong with a parameter; `sent` holds what its members were."""
    if parameter.model is not None:
        return from_pydantic(problem, sent=sent)
    return from_pydantic(problem, (parameter.name,), sent=sent.get(parameter.name) if isinstance(sent, dict) else None)


def _refuse_nul(parameter: Parameter, given: object) -> None:
    """Raise Strange for what looks as if it held NUL, if it does."""
    if found := strange_values(given, () if parameter.model else (parameter.name,)):
        raise Strange(found)


class Binder:
    """Turns raw input into a handler's arguments; every failing member at once."""

    def __init__(self, parameters: tuple[Parameter, ...]) -> None:
        """Find what is static: the one model that may read the whole body, which headers and cookies are wanted."""
        self.parameters = parameters
        self._names = {p.name for p in parameters}
        self.members = tuple(m for p in parameters for m in p.members)
        self.wants_body = any(m.source == "body" for m in self.members)
        self._strict = any(p.strict_names for p in parameters)
        self._spelled = {m.name: dict(m.spelled) for m in self.members if m.spelled and m.source != "body"}
        bodily = [p for p in parameters if any(m.source == "body" for m in p.members)]
        self._whole = _whole_body(bodily)
        loose = [p for p in parameters if holds(p.adapter.core_schema, LOOSE)]
        self._watched = [p for p in parameters if p in loose or holds(p.adapter.core_schema, DATED)]
        self._always = [p for p in self._watched if p in loose or p is not self._whole]
        self._alone = parameters[0].name if len(parameters) == 1 and parameters[0].model else None
        self.bodily = self._whole is not None and self._alone is not None
        """Whether the input is one model that is the whole body."""

    def bind(self, raw: Raw) -> Bound:
        """Validate the raw input."""
        whole = self._whole if raw.fields is None else None
        if whole is not None and self.bodily:
            return self.bind_body(raw.body)
        if (strange := _misspelled(raw.body)) is not None:
            return Bound({}, strange)
        try:
            flat = self._flat(raw, parse=whole is None)
        except NoObject:
            return Bound({}, NO_OBJECT)
        except ValueError:
            return Bound({}, BAD_JSON)
        arguments, errors = self._arguments(raw, flat, whole=whole)
        if self._strict and whole is None:
            errors = {**self._strangers(flat, raw), **errors}
        if errors or raw.stored:
            return Bound(arguments, errors or None)
        return Bound(arguments, self._strange(arguments, None if whole is None else raw.body))

    def bind_body(self, body: bytes) -> Bound:
        """Validate the commonest input, one model that is the whole body; where `bodily` says that it is."""
        parameter = self.parameters[0]
        if (strange := _misspelled(body)) is not None:
            return Bound({}, strange)
        try:
            arguments = {parameter.name: parameter.adapter.validator.validate_json(body or b"{}")}
        except ValidationError as problem:
            return Bound({}, from_pydantic(problem, sent=_json(body)))
        return bound_of((arguments, self._strange(arguments, body) if self._watched else None, None))

    def values(self, args: tuple[object, ...], given: Mapping[str, object]) -> Bound:
        """Check typed arguments of an in-process call; models were validated when they were made."""
        named = dict(zip((p.name for p in self.parameters), args, strict=False)) | dict(given)
        arguments: dict[str, Any] = {}
        errors: Errors = {}
        for parameter in self.parameters:
            value = named.get(parameter.name, parameter.default)
            if value is MISSING:
                errors[parameter.name] = [FieldError("VAL_REQUIRED_FIELD")]
                continue
            try:
                arguments[parameter.name] = parameter.adapter.validator.validate_python(value)
            except ValidationError as problem:
                errors.update(from_pydantic(problem, () if parameter.model else (parameter.name,)))
        strangers = given.keys() - self._names
        errors.update({name: [FieldError("VAL_UNKNOWN_FIELD")] for name in sorted(strangers)})
        return Bound(arguments, errors or None)

    def flatten(self, arguments: Mapping[str, Any]) -> Mapping[str, object]:
        """The members of validated arguments, by name: what templates and policies see."""
        if self._alone is not None:
            alone: dict[str, object] = vars(arguments[self._alone])
            return alone
        flat: dict[str, object] = {}
        for parameter in self.parameters:
            value = arguments[parameter.name]
            if parameter.model is None:
                flat[parameter.name] = value
            else:
                flat.update(value.__dict__)
        return flat

    def canonical(self, arguments: Mapping[str, Any]) -> bytes:
        """The same bytes for the same input, however it was spelled."""
        try:
            spelled = b"\0".join(p.adapter.serializer.to_json(arguments[p.name]) for p in self.parameters)
        except PydanticSerializationError:
            return to_json({p.name: arguments[p.name] for p in self.parameters}, fallback=repr)
        return spelled if MASK not in spelled else spelled + self._unmasked(arguments)

    def _unmasked(self, arguments: Mapping[str, Any]) -> bytes:
        """The secrets that Pydantic writes as stars: two inputs that differ in one are not the same."""
        plain = [p.adapter.dump_python(arguments[p.name]) for p in self.parameters]
        return to_json(plain, fallback=_revealed)

    def _arguments(self, raw: Raw, flat: Mapping[str, object], *, whole: Parameter | None) -> tuple[Arguments, Errors]:
        """Each parameter's value, and what is wrong with those that have none."""
        arguments: Arguments = {}
        errors: Errors = {}
        for parameter in self.parameters:
            try:
                if parameter is whole:
                    arguments[parameter.name] = parameter.adapter.validator.validate_json(raw.body or b"{}")
                else:
                    arguments[parameter.name] = _taken(parameter, flat, stored=raw.stored)
            except Strange as found:
                errors.update(found.errors)
            except ValidationError as problem:
                errors.update(_findings(problem, parameter, _json(raw.body) if parameter is whole else flat))
        return arguments, errors

    def _flat(self, raw: Raw, *, parse: bool) -> dict[str, object]:
        flat: dict[str, object] = {}
        if raw.fields is not None:
            flat.update(raw.fields)
            flat.update({m.name: [flat[m.name]] for m in self.members if m.many and isinstance(flat.get(m.name), str)})
        elif parse and raw.body and self.wants_body:
            body = from_json(raw.body)
            if not isinstance(body, dict):
                raise NoObject
            flat.update(body)
        sources: Mapping[str, Mapping[str, object]] = {
            "path": raw.path,
            "query": raw.query,
            "header": raw.headers,
            "cookie": raw.cookies,
        }
        for member in self.members:
            if member.source in sources and (raw.fields is None or (member.source == "path" and raw.path)):
                flat.pop(member.name, None)
                value = sources[member.source].get(member.wire, MISSING)
                if value is not MISSING:
                    flat[member.name] = [value] if member.many and isinstance(value, str) else value
        if self._spelled:
            flat.update({n: read_spelled(flat[n], spelled) for n, spelled in self._spelled.items() if n in flat})
        return flat

    def _strange(self, arguments: Arguments, body: bytes | None) -> Errors | None:
        """What is strange; in a model that is the whole body, moments are looked at only where one may be."""
        watched = self._watched if body is None or _tells_far_days(body) else self._always
        return _strange(watched, arguments) if watched else None

    def _strangers(self, flat: Mapping[str, object], raw: Raw) -> Errors:
        known = {m.name for m in self.members}
        from_query = () if self.wants_body else raw.query
        unknown = [name for name in (*flat, *from_query) if name not in known]
        return {name[:100]: [FieldError("VAL_UNKNOWN_FIELD")] for name in unknown[:20]}
