"""Rows as what a handler asked for: models by their columns, anything else by the first column."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import asyncpg
from pydantic import BaseModel, TypeAdapter

T = TypeVar("T")


@lru_cache(maxsize=1024)
def reader(into: type[T]) -> "tuple[Callable[[asyncpg.Record], T], Callable[[Sequence[asyncpg.Record]], list[T]]]":
    """How one row, and how many, become values of the type."""
    one = TypeAdapter[Any](into).validator.validate_python
    many = TypeAdapter[Any](list[into]).validator.validate_python  # type: ignore[valid-type]  # a type made at run time
    if isinstance(into, type) and issubclass(into, BaseModel):
        return (lambda row: one(dict(row))), (lambda rows: many([dict(row) for row in rows]))
    return (lambda row: one(row[0])), (lambda rows: many([row[0] for row in rows]))
