"""Rows as what a handler asked for: models by their columns, anything else by the first column."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import asyncpg
from pydantic import BaseModel, TypeAdapter

T = TypeVar("T")


class Reader(Generic[T]):
    """How one row, and how many, become values of a type."""

    __slots__ = ("all", "one")

    def __init__(self, into: type[T]) -> None:
        """Compile the validators."""
        one = TypeAdapter[Any](into).validator.validate_python
        many = TypeAdapter[Any](list[into]).validator.validate_python  # type: ignore[valid-type]  # a type made at run time
        kind: object = into
        whole = inspect.isclass(kind) and issubclass(kind, BaseModel)
        self.one: Callable[[asyncpg.Record], T] = (lambda row: one(dict(row))) if whole else (lambda row: one(row[0]))
        self.all: Callable[[Sequence[asyncpg.Record]], list[T]] = (
            (lambda rows: many([dict(row) for row in rows])) if whole else (lambda rows: many([row[0] for row in rows]))
        )


_readers: dict[object, Reader[Any]] = {}


def reader(into: type[T]) -> Reader[T]:
    """The type's reader, made at first use."""
    known = _readers.get(into)
    if known is None:
        known = _readers[into] = Reader(into)
    return known
