"""What plans allow, and what a call takes from it."""

import re
from collections.abc import Mapping
from dataclasses import field
from typing import LiteralString

from pydantic_core import from_json

from portico.core.fitting import Declaration
from portico.errors import Misconfigured
from portico.ports.database import Change, Counted, change_of

UNLIMITED = UNOPENED = -1
MEMBERS = "members"
"""People who belong to an organization. Portico counts them itself, wherever they join, unless an application does."""
COUNT_MEMBERS: LiteralString = (
    "select count(*) from portico.organization_members_v1(nullif(current_setting('app.org', true), '')::uuid) "
    "where kind = 'person'"
)
NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")


class Allowance(Declaration):
    """What one plan allows: how much of each resource (-1: unlimited), and the features that it includes."""

    limits: Mapping[str, int] = field(default_factory=dict)
    features: frozenset[str] | tuple[str, ...] = ()


class Quotas(Declaration):
    """What each plan of the application allows, by the plan's name.

    `counted` has a statement for each limited resource that says how many an organization has, such as
    `"select count(*) from staff"`: it runs once, when an organization first uses the resource, and for a recount. Row
    level security keeps it within the organization. `members`, the people who belong, are counted by Portico itself
    where nobody says how. An organization whose plan is not among these has what the first one allows.

    Raises Misconfigured where a plan leaves a resource out, or nobody says how it is counted.
    """

    plans: Mapping[str, Allowance] = field(default_factory=dict)
    counted: Mapping[str, LiteralString] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Every plan has a limit for every resource."""
        if MEMBERS not in self.counted and any(MEMBERS in allowance.limits for allowance in self.plans.values()):
            object.__setattr__(self, "counted", {**self.counted, MEMBERS: COUNT_MEMBERS})
        for plan, allowance in self.plans.items():
            self._check(plan, allowance)

    def of(self, plan: str) -> Allowance:
        """What the plan allows."""
        return self.plans.get(plan) or next(iter(self.plans.values()), NOTHING)

    def limit(self, plan: str, resource: str) -> int:
        """The most that the plan allows; -1 where there is no limit."""
        return self.of(plan).limits[resource]

    @property
    def of_members(self) -> bool:
        """Whether plans limit the people who belong, and Portico counts them."""
        return self.counted.get(MEMBERS) is COUNT_MEMBERS

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


class Ledger:
    """What is known of an organization's usage in one transaction, and what its calls take."""

    __slots__ = ("changes", "most", "opening", "transaction", "used")

    used: dict[str, int | None]
    """How much there is, what the transaction has taken included; None where the database was asked, and nobody had
    counted."""

    def __init__(self, counted: Counted | None, most: Mapping[str, int]) -> None:
        """`counted` is what the gate answers, None where it was not asked; `most` what the organization may use."""
        self.most = most
        self.opening: dict[str, int] = {}
        """What was counted now."""
        self.changes: list[Change] = []
        if counted is None:
            self.transaction, self.used = "", {}
        else:
            self.transaction, self.used = counted.transaction, {**counted.used}

    def learn(self, said: str) -> None:
        """Take in what the database says: JSON."""
        found = from_json(said)
        self.transaction = found["transaction"]
        self.used |= found["used"]

    def open(self, resource: str, count: int) -> None:
        """Note what somebody has counted, where nobody had."""
        self.used[resource] = self.opening[resource] = count

    def take(self, resource: str, amount: int) -> None:
        """Note that so much is taken, or given back where it is below zero."""
        self.changes.append(change_of((resource, amount, self.most[resource], self.opening.get(resource, UNOPENED))))
        used = self.used.get(resource)
        if used is not None:
            self.used[resource] = used + amount

    def undo(self, first: int) -> None:
        """Forget what was taken after so many changes."""
        for change in self.changes[first:]:
            used = self.used.get(change.resource)
            if used is not None:
                self.used[change.resource] = used - change.amount
        del self.changes[first:]

    def summed(self) -> list[Change]:
        """What was taken, one change for each resource, in the order of their names."""
        if len(self.changes) == 1:
            return self.changes
        first = {change.resource: change for change in reversed(self.changes)}
        return [
            first[resource]._replace(amount=sum(c.amount for c in self.changes if c.resource == resource))
            for resource in sorted(first)
        ]
