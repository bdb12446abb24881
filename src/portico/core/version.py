"""Versions of an API, and what each does differently from the one before."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeAlias

from portico.core.value import Value
from portico.errors import Misconfigured

Reshape: TypeAlias = Callable[[Any], Any]
"""A pure function from one shape to another, both named by its annotations."""
ROOT = "/api"


class Change(Value):
    """What a version does differently from the one before it, since a day.

    `answers` are pure functions from the newer shape of a result to the older one, `inputs` from the older shape of an
    input to the newer one; their annotations name the shapes. A change of neither is for people to read.
    """

    on: date
    what: str
    answers: tuple[Reshape, ...] = ()
    inputs: tuple[Reshape, ...] = ()


class Version(Value):
    """One version of a module's part of the API, served at `/api/NAME`: `Version("v2", date(2026, 11, 20), …)`.

    A module lists its versions, the oldest first; its actions speak the last one, and `changes` lead from each to the
    one before. A version that is `deprecated` since a day says so on each of its answers, and until when (`sunset`) it
    is served.
    """

    name: str
    released: date
    changes: tuple[Change, ...] = ()
    deprecated: date | None = None
    sunset: date | None = None

    def __post_init__(self) -> None:
        """Raise Misconfigured where the name is none, or the days are in no order."""
        if not is_version(self.name) or self.name.startswith("v0"):
            message = f"Version({self.name!r}): name it v1, v2, and so on."
            raise Misconfigured(message)
        if self.sunset and not self.released <= (self.deprecated or date.max) <= self.sunset:
            message = (
                f"Version({self.name!r}): it is released, then deprecated, then ends; give the days in that order."
            )
            raise Misconfigured(message)

    @property
    def prefix(self) -> str:
        """The path under which it is served."""
        return f"{ROOT}/{self.name}"


def check_order(module: str, versions: Sequence[Version]) -> None:
    """Raise Misconfigured where a module's versions are not listed from the oldest to the newest."""
    numbers = [int(version.name[1:]) for version in versions]
    if numbers != sorted(set(numbers)):
        message = f"Module({module!r}): list its versions once each, the oldest first."
        raise Misconfigured(message)
    if versions and versions[0].changes:
        message = f"Module({module!r}): {versions[0].name} is its oldest version; there is nothing that it changes."
        raise Misconfigured(message)


def version_in(path: str) -> str | None:
    """The version that a path names."""
    parts = path.split("/", 3)
    return parts[2] if len(parts) > 2 and f"/{parts[1]}" == ROOT and is_version(parts[2]) else None


def is_version(word: str) -> bool:
    """Whether it is a `v` and a number."""
    return word.startswith("v") and word[1:].isascii() and word[1:].isdecimal()
