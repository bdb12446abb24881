"""The steps of a wizard: one model each, named after it."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_type_hints

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from portico import FieldError, Invalid, Misconfigured, UserContext
from portico.core.field_errors import from_pydantic

WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
Models = Mapping[str, type[BaseModel]]


def read_steps(draft: str, steps: Sequence[type[BaseModel]]) -> Models:
    """The models by their step's name; raises Misconfigured where they cannot be steps."""
    named = {WORDS.sub("_", step.__name__).lower(): step for step in steps}
    if not steps or len(named) < len(steps):
        message = f"Draft({draft!r}): write its steps as models of different names, steps=(BasicInfo, Publish)."
        raise Misconfigured(message)
    for step in steps:
        if b'"writeOnly":true' in to_json(step.model_json_schema()):
            message = f"Draft({draft!r}): {step.__name__} has a secret, and a draft keeps none; ask for it at the end."
            raise Misconfigured(message)
    return named


def read_finalizer(draft: str, models: Models, handler: Callable[..., object]) -> tuple[Any, Any, dict[str, str]]:
    """The context and the result of who makes the thing, and which of its parameters takes which step."""
    hints = get_type_hints(handler)
    returns = hints.pop("return", None)
    names = list(hints)
    takes = {step: name for step, model in models.items() for name in names[1:] if hints[name] is model}
    context = hints[names[0]] if names else None
    if not (isinstance(context, type) and issubclass(context, UserContext)) or len(takes) < len(names) - 1:
        wanted = ", ".join(f"{step}: {model.__name__}" for step, model in models.items())
        message = f"Draft({draft!r}): write async def {handler.__name__}(ctx: UserContext, {wanted}) -> Thing."
        raise Misconfigured(message)
    return context, returns, takes


def complete(models: Models, saved: Mapping[str, Any]) -> dict[str, BaseModel]:
    """Every step, checked again: the application may have changed since. Raises Invalid, by step and member."""
    errors: dict[str, list[FieldError]] = {}
    done: dict[str, BaseModel] = {}
    for step, model in models.items():
        if step not in saved:
            errors[step] = [FieldError("VAL_REQUIRED_FIELD")]
            continue
        try:
            done[step] = model.model_validate_json(to_json(saved[step]), by_alias=True, by_name=True)
        except ValidationError as problem:
            errors.update(from_pydantic(problem, (step,)))
    if errors:
        raise Invalid(errors=errors)
    return done
