"""Stored answers, told again; a refusal that had written is one, too."""

from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from portico.core.call import Call
from portico.core.plan import Plan
from portico.core.result import Err, Ok, Result
from portico.errors import TABLE, Error, InProgress
from portico.ports.database import Stored
from portico.ports.outside import PROCESSING

REFUSED = 400


def replay(plan: Plan, call: Call, stored: Stored) -> Result[Any]:
    """The stored answer again, marked; raises InProgress where it is not there yet."""
    if stored.status == PROCESSING:
        raise InProgress(retry_after=1)
    answer = call.answer
    answer.replayed = True
    if stored.status >= REFUSED:
        return Err(remembered(plan, stored.body))
    answer.status = stored.status
    answer.headers = [(n, v) for n, v in from_json(stored.headers)] if stored.headers else []
    call.encoded = stored.body
    return Ok(plan.codec.decode(stored.body))


def written(error: Error) -> bytes:
    """A refusal as it is stored."""
    return to_json({"kind": _name(type(error)), "code": error.code, "data": error.data()}, fallback=str)


def remembered(plan: Plan, body: bytes) -> Error:
    """The refusal that was stored, with its data."""
    said = from_json(body)
    known = {_name(kind): kind for kind in plan.errors}
    kind = known.get(said["kind"]) or TABLE.get(said["code"], Error)
    hints = get_type_hints(kind)
    data: dict[str, Any] = {name: _typed(hints.get(name), value) for name, value in said["data"].items()}
    error = kind(**data)
    error.declared = True
    return error


def _typed(hint: Any, value: object) -> object:
    """The value as it was before it was written; as it stands where its type does not say how."""
    try:
        return TypeAdapter(hint).validate_python(value)
    except (ValidationError, TypeError):
        return value


def _name(kind: type[Error]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
