"""What plans allow, and what a call takes from it."""

import re
from collections.abc import Mapping
from dataclasses import field
from typing import LiteralString, NamedTuple

from pydantic_core import from_json

from portico.core.value import Value
from portico.errors import Misconfigured
from portico.ports.quick import quickly

UNLIMITED = -1
NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")


class Allowance(Value):
    """What one plan allows: how much of each resource (-1: unlimited), and the features that it includes."""

    limits: Mapping[str, int] = field(default_factory=dict)
    features: frozenset[str] | tuple[str, ...] = ()


class Quotas(Value):
    """What each plan of the application allows, by the plan's name.

    `counted` has a statement for each limited resource that says how many an organization has, such as
    `"select count(*) from staff"`: it runs once, when an organization first uses the resource, and for a recount. Row
    level security keeps it within the organization. An organization whose plan is not among these has what the first
    one allows.

    Raises Misconfigured where a plan leaves a resource out, or nobody says how it is counted.
    """

    plans: Mapping[str, Allowance] = field(default_factory=dict)
    counted: Mapping[str, LiteralString] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Every plan has a limit for every resource."""
        for plan, allowance in self.plans.items():
            self._check(plan, allowance)

    def of(self, plan: str) -> Allowance:
        """What the plan allows."""
        return self.plans.get(plan) or next(iter(self.plans.values()), NOTHING)

    def limit(self, plan: str, resource: str) -> int:
        """The most that the plan allows; -1 where there is no limit."""
        return self.of(plan).limits[resource]

    @property
    def features(self) -> frozenset[str]:
        """What some plan includes."""
        return frozenset().union(*(allowance.features for allowance in self.plans.values()))

    def _check(self, plan: str, allowance: Allowance) -> None:
        if missing := sorted(set(self.counted) - set(allowance.limits)):
            message = (
                f'Quotas: the plan {plan} has no limit of {missing[0]}; write {{"{missing[0]}": -1}} for unlimited.'
            )
            raise Misconfigured(message)
        for resource, most in allowance.limits.items():
            if resource not in self.counted:
                message = (
                    f"Quotas: the plan {plan} limits {resource}, and nobody says how it is counted; "
                    f'write counted={{"{resource}": "…"}} with a statement that counts it.'
                )
                raise Misconfigured(message)
            if not NAME.fullmatch(resource):
                message = f"Quotas: {resource!r} is no name of a resource; write small letters, digits and hyphens."
                raise Misconfigured(message)
            if most < UNLIMITED:
                message = f"Quotas: the plan {plan} allows {most} of {resource}; write 0 or more, or -1 for unlimited."
                raise Misconfigured(message)


NOTHING = Allowance()
NO_QUOTAS = Quotas()


class Change(NamedTuple):
    """What a call has taken from a quota, or given back where it is below zero."""

    resource: str
    amount: int
    most: int
    """The plan's limit; -1 where there is none."""
    opening: int | None
    """What there was before the call, where nobody had counted yet."""


change_of = quickly(Change)


class Ledger:
    """What is known of an organization's usage in one transaction, and what its calls take."""

    __slots__ = ("changes", "most", "opening", "transaction", "used")

    def __init__(self, said: str | None, most: Mapping[str, int]) -> None:
        """`said` is what the gate answers, None where it was not asked; `most` what the organization's plan allows."""
        self.transaction = ""
        self.most = most
        self.used: dict[str, int | None] = {}
        """What was counted before; None where the database was asked, and nobody had counted."""
        self.opening: dict[str, int] = {}
        """What was counted now."""
        self.changes: list[Change] = []
        if said:
            self.learn(said)

    def learn(self, said: str) -> None:
        """Take in what the database says."""
        found = from_json(said)
        self.transaction = found["transaction"]
        self.used.update(found["used"])

    def of(self, resource: str) -> int | None:
        """How much is used, what this transaction has taken included; None where that is not known yet."""
        before = self.used.get(resource)
        if before is None:
            before = self.opening.get(resource)
        if before is None or not self.changes:
            return before
        return before + sum(c.amount for c in self.changes if c.resource == resource)

    def take(self, resource: str, amount: int) -> None:
        """Note that so much is taken, or given back where it is below zero."""
        self.changes.append(change_of((resource, amount, self.most[resource], self.opening.get(resource))))

    def summed(self) -> list[Change]:
        """What was taken, one change for each resource, in the order of their names."""
        if len(self.changes) == 1:
            return self.changes
        first = {change.resource: change for change in reversed(self.changes)}
        return [
            first[resource]._replace(amount=sum(c.amount for c in self.changes if c.resource == resource))
            for resource in sorted(first)
        ]
