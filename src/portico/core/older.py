"""Actions as older versions have them: the same function, between inputs and results of the older shape."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from portico.core.action import STREAMS, AnyAction
from portico.core.answer import Html, Redirect
from portico.core.module import Module
from portico.core.version import Change, Reshape, Version
from portico.errors import Misconfigured
from portico.ports.paging import Slice


class Step(NamedTuple):
    """A type in one version, the type in another, and the way from values of the first to the second."""

    source: Any
    target: Any
    run: Reshape


UNVERSIONED = frozenset({"job", "webhook"})
"""What stands beside all versions: nobody who speaks one of them calls it."""


def older_actions(module: Module) -> Iterator[AnyAction]:
    """The module's actions in each version but the last; raises Misconfigured where a change fits none of them."""
    used: set[int] = set()
    for place, version in enumerate(module.versions[:-1]):
        later = [change for newer in module.versions[place + 1 :] for change in newer.changes]
        for action in (a for a in module.actions if a.kind not in UNVERSIONED and not _is_page(a)):
            yield _as_of(action, version, changes=later, used=used)
    for newer in module.versions[1:]:
        for change in newer.changes:
            for function in (*change.answers, *change.inputs):
                if id(function) not in used:
                    message = f"{_named(function)}, a change of {module.name} in {newer.name}, fits none of its actions"
                    raise Misconfigured(f"{message}: its annotations name what they take or return.")


def _is_page(action: AnyAction) -> bool:
    """Whether it is for people: pages have one address, and no version."""
    returns = get_type_hints(action.handler).get("return")
    return returns is Html or (returns is Redirect and action.kind == "query")


def _as_of(action: AnyAction, version: Version, *, changes: Sequence[Change], used: set[int]) -> AnyAction:
    """The action before these changes, listed from the oldest to the newest; values of streams do not change."""
    name, place = f"{action.name}@{version.name}", replace(action.place, prefix=version.prefix, version=version)
    if action.kind in STREAMS:
        return replace(action, name=name, place=place)
    hints = get_type_hints(action.handler, include_extras=True)
    signature = inspect.signature(action.handler)
    after: list[Reshape] = []
    before: dict[str, list[Reshape]] = {}
    for change in reversed(changes):
        steps = _steps(change.answers)
        if (found := reshaped(hints.get("return"), steps, used)) is not None:
            hints["return"] = found.target
            after.append(found.run)
        for member in list(signature.parameters)[1:]:
            if (step := _taken(hints.get(member), change.inputs, used)) is not None:
                hints[member] = step.source
                before.setdefault(member, []).insert(0, step.run)
    handler = _wrapped(action, before, after)
    handler.__annotations__ = hints
    parameters = [p.replace(annotation=hints[n]) if n in hints else p for n, p in signature.parameters.items()]
    vars(handler)["__signature__"] = signature.replace(parameters=parameters, return_annotation=hints.get("return"))
    return replace(action, name=name, handler=handler, place=place)


def _wrapped(action: AnyAction, before: Mapping[str, list[Reshape]], after: list[Reshape]) -> Callable[..., Any]:
    """The handler, between what was said before and what is said after it."""
    inner = action.handler
    if not before and not after:

        async def same(ctx: Any, **input: Any) -> Any:
            return await inner(ctx, **input)

        same.__doc__ = inner.__doc__
        return same

    async def handler(ctx: Any, **input: Any) -> Any:
        for name, ways in before.items():
            for way in ways:
                input[name] = way(input[name])
        result = await inner(ctx, **input)
        for way in after:
            result = way(result)
        return result

    handler.__doc__ = inner.__doc__
    return handler


def reshaped(hint: Any, steps: Sequence[Step], used: set[int]) -> Step | None:
    """How a result of this type is told in the older shape; None where the change leaves it alone."""
    for step in steps:
        if hint is step.source:
            used.add(id(step.run))
            return step
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return reshaped(parts[0], steps, used)
    if origin in {Union, UnionType} and NoneType in parts:
        return _of_optional(parts, steps, used)
    if origin in {list, Slice} and (row := reshaped(parts[0], steps, used)) is not None:
        kind: Any = origin
        return Step(hint, kind[row.target], _in_each(row.run) if origin is list else _in_slice(row.run))
    return None


def _of_optional(parts: tuple[Any, ...], steps: Sequence[Step], used: set[int]) -> Step | None:
    plain = [part for part in parts if part is not NoneType]
    inner = reshaped(plain[0], steps, used) if len(plain) == 1 else None
    if inner is None:
        return None
    run = inner.run
    return Step(inner.source, inner.target | None, lambda value: None if value is None else run(value))


def _in_each(run: Reshape) -> Reshape:
    return lambda rows: [run(row) for row in rows]


def _in_slice(run: Reshape) -> Reshape:
    def turn(page: Slice[Any]) -> Slice[Any]:
        rows = [run(row) for row in page.data]
        return Slice(rows, after=page.after, limit=page.limit, page=page.page, total=page.total)

    return turn


def _taken(hint: Any, inputs: Sequence[Reshape], used: set[int]) -> Step | None:
    """How an input of the older shape becomes one that a parameter of this type takes."""
    for step in _steps(inputs):
        if isinstance(hint, type) and isinstance(step.target, type) and issubclass(step.target, hint):
            used.add(id(step.run))
            return step
    return None


def _steps(functions: Sequence[Reshape]) -> list[Step]:
    return [_step(function) for function in functions]


def _step(function: Reshape) -> Step:
    """The shapes that the function's annotations name; raises Misconfigured where they do not."""
    hints = get_type_hints(function)
    target, sources = hints.pop("return", None), list(hints.values())
    if target is None or len(sources) != 1:
        message = f"{_named(function)} is a change from one shape to another: annotate its parameter and its result."
        raise Misconfigured(message)
    return Step(sources[0], target, function)


def _named(function: Reshape) -> str:
    return f"{getattr(function, '__module__', '?')}.{getattr(function, '__qualname__', '?')}"
