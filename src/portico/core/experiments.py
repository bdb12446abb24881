"""Experiments: what an application tries, and on whom."""

from collections.abc import Mapping
from dataclasses import field
from itertools import accumulate
from typing import Literal

from portico.core.fitting import Declaration
from portico.core.shares import share_of
from portico.errors import Misconfigured

CONTROL = "control"


class Experiment(Declaration):
    """Two or more ways of doing one thing, and what tells which is better.

    `variants` have weights: `{"control": 1, "variant_a": 1}` are halves. `by` says who sees the same variant always: a
    `user`, an `org`, or a `visitor` (whoever comes with one browser, known by a cookie, signed in or not). `events` are
    what handlers track; the last one is the goal.

    Raises Misconfigured where there is nothing to compare, or nothing to compare by.
    """

    about: str
    events: tuple[str, ...]
    variants: Mapping[str, int] = field(default_factory=lambda: {CONTROL: 1, "variant_a": 1})
    by: Literal["user", "org", "visitor"] = "user"

    def __post_init__(self) -> None:
        """See that it can be judged."""
        if CONTROL not in self.variants or len(self.variants) < 2:
            message = f'Experiment({self.about!r}): it compares "control" with at least one other variant.'
            raise Misconfigured(message)
        if min(self.variants.values()) < 0 or sum(self.variants.values()) < 1:
            message = f"Experiment({self.about!r}): weights are whole numbers of 0 or more, and not all 0."
            raise Misconfigured(message)
        if not self.events:
            message = f'Experiment({self.about!r}): name what is counted, such as events=("booked",).'
            raise Misconfigured(message)

    @property
    def goal(self) -> str:
        """The event that decides."""
        return self.events[-1]

    def assign(self, digest: bytes) -> str:
        """The variant of a subject; the same for the same weights always."""
        place = share_of(digest) * sum(self.variants.values())
        bounds = zip(self.variants, accumulate(self.variants.values()), strict=True)
        return next(variant for variant, bound in bounds if place < bound)


NO_EXPERIMENTS: Mapping[str, Experiment] = {}
