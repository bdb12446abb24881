"""What a newer document breaks for clients of an older one, each finding in one sentence."""

from collections.abc import Iterator
from typing import NamedTuple

from portico.generate.openapi.schemas import Schema
from portico.generate.openapi.shapes import Documents, narrowed_answer, narrowed_input

REFUSED = "4"
"""How the statuses of refusals begin."""
METHODS = ("get", "post", "put", "patch", "delete")


class Operation(NamedTuple):
    """An action of a document, where it is served, and what it is."""

    name: str
    where: str
    value: Schema


def breaking(old: Schema, new: Schema) -> list[str]:
    """Every breaking change, in the order of the older document; nothing where clients go on as before."""
    both = Documents(old, new)
    now = {operation.name: operation for operation in operations(new)}
    found: list[str] = []
    for before in operations(old):
        after = now.get(before.name)
        if after is None:
            found.append(f"{before.name} ({before.where}) was removed.")
        else:
            found += [f"{before.name}: {sentence}" for sentence in _between(before, after, both)]
    found += [
        f"The event {name} was removed." for name in old.get("webhooks", {}) if name not in new.get("webhooks", {})
    ]
    return found


def operations(document: Schema) -> Iterator[Operation]:
    """The actions of a document."""
    for path, methods in document.get("paths", {}).items():
        for method in METHODS:
            if method in methods:
                operation = methods[method]
                where = f"{method.upper()} {path}"
                yield Operation(operation.get("operationId", where), where, operation)


def _between(before: Operation, after: Operation, both: Documents) -> Iterator[str]:
    if before.where != after.where:
        yield f"it moved from {before.where} to {after.where}."
    yield from _parameters(before.value, after.value, both)
    yield from _body(before.value, after.value, both)
    yield from _answers(before.value, after.value, both)
    yield from _callers(before.value, after.value)


def _parameters(before: Schema, after: Schema, both: Documents) -> Iterator[str]:
    known, now = _by_place(before), _by_place(after)
    for place, parameter in now.items():
        earlier = known.get(place)
        if earlier is None and parameter.get("required"):
            yield f"it now needs {_said(place)}."
        elif earlier is not None and parameter.get("required") and not earlier.get("required"):
            yield f"{_said(place)} must be sent now."
        elif earlier is not None:
            yield from narrowed_input(earlier.get("schema", {}), parameter.get("schema", {}), _said(place), both=both)
    for place in known:
        if place not in now:
            yield f"{_said(place)} is not taken any more."


def _by_place(operation: Schema) -> dict[tuple[str, str], Schema]:
    return {(each["in"], each["name"]): each for each in operation.get("parameters", ())}


def _said(place: tuple[str, str]) -> str:
    where, name = place
    return f"the {where} member {name}" if where in {"path", "query"} else f"the {where} {name}"


def _body(before: Schema, after: Schema, both: Documents) -> Iterator[str]:
    earlier, later = before.get("requestBody"), after.get("requestBody")
    if later is None:
        return
    if earlier is None:
        if later.get("required"):
            yield "it now needs a body."
        return
    if later.get("required") and not earlier.get("required"):
        yield "its body must be sent now."
    for media, content in earlier["content"].items():
        if media not in later["content"]:
            yield f"its body may not be {media} any more."
        else:
            yield from narrowed_input(content["schema"], later["content"][media]["schema"], "", both=both)


def _answers(before: Schema, after: Schema, both: Documents) -> Iterator[str]:
    for status, answer in after["responses"].items():
        known = before["responses"].get(status)
        if known is None:
            yield f"it may answer {status} now."
        elif status >= REFUSED:
            strange = sorted(_codes(answer, both.new) - _codes(known, both.old))
            yield from (f"{status} may have the code {code} now." for code in strange)
    for status, answer in before["responses"].items():
        if status >= REFUSED:
            continue
        if status in after["responses"]:
            yield from _success(answer, after["responses"][status], both)
        else:
            yield f"it does not answer {status} any more."


def _success(before: Schema, after: Schema, both: Documents) -> Iterator[str]:
    for media, content in before.get("content", {}).items():
        now = after.get("content", {}).get(media)
        if now is None:
            yield f"its answer is not {media} any more."
        else:
            yield from narrowed_answer(content["schema"], now["schema"], "", both=both)
    for name in before.get("headers", {}):
        if name not in after.get("headers", {}):
            yield f"its answer has no header {name} any more."


def _codes(answer: Schema, document: Schema) -> set[str]:
    """The codes of problems that an answer may have."""
    found: set[str] = set()
    for content in answer.get("content", {}).values():
        for kind in content["schema"].get("oneOf", [content["schema"]]):
            schema = document["components"]["schemas"][kind["$ref"].rpartition("/")[2]]
            found.add(schema["properties"]["code"]["const"])
    return found


def _callers(before: Schema, after: Schema) -> Iterator[str]:
    known = {name for each in before.get("security", ()) for name in each}
    now = {name for each in after.get("security", ()) for name in each}
    if now and not known:
        yield "it needs somebody who is signed in now."
    elif now:
        yield from (f"it does not admit {name} any more." for name in sorted(known - now))
