"""Mutations over a list: how long it may be, and what is told of its items."""

from collections.abc import Mapping
from typing import Annotated, TypeAlias, TypeVar

from pydantic import Field

from portico.errors import Error, FieldError, Invalid

T = TypeVar("T")
MOST = 100
Batch: TypeAlias = Annotated[list[T], Field(min_length=1, max_length=MOST)]
"""A list of 1 to 100 items, as an input member: `items: Batch[NewTask]`; a longer one is refused with its limit.

Another limit is written `Annotated[list[NewTask], Field(min_length=1, max_length=500)]`.
"""


def item_errors(member: str, found: Mapping[int, Error]) -> Invalid:
    """A VALIDATION_ERROR that tells each refused item's error under its place: `ids.3`, `items.3.title`.

    `found` gives the errors by the items' places in the list `member`; an error's `at` names the field within the item.
    """
    errors: dict[str, list[FieldError]] = {}
    for place, error in sorted(found.items()):
        path = f"{member}.{place}.{error.at}" if error.at else f"{member}.{place}"
        errors.setdefault(path, []).append(
            FieldError(error.code, error.data(), message=error.message, default=str(error))
        )
    return Invalid(errors=errors)
