"""Quota: what an organization's plan allows of a resource."""

from collections.abc import Awaitable, Sized
from typing import TYPE_CHECKING, ClassVar

from portico.core.call import Call
from portico.core.policy import Ask, Contract, Policy, Stage
from portico.core.quotas import UNLIMITED, Ledger
from portico.core.taking import ledger
from portico.core.template import template
from portico.errors import Error, Misconfigured, QuotaExceeded

if TYPE_CHECKING:
    from portico.core.result import Result


USED = "select portico.used_v1(:resources)"


class Quota(Policy):
    """Takes from what the organization's plan allows of a resource: `Quota("staff")` on the action that adds to it.

    `amount` is a number, or a place of the input or the result: `"{size}"` takes that many, `"{items}"` the length of a
    list, `"{result.size}"` what is known only once it is done. What the plan has no room for is refused; the count is
    committed with the call, or not at all. `Releases` gives back.
    """

    resource: str
    amount: int | str = 1
    stacks: ClassVar[bool] = True
    sign: ClassVar[int] = 1
    """What it does to the count."""

    def __post_init__(self) -> None:
        """Raise Misconfigured where the amount is no number above zero and no place."""
        amount = self.amount
        if isinstance(amount, str):
            fits = amount.startswith("{") and amount.endswith("}") and len(template(amount).paths) == 1
        else:
            fits = amount >= 1
        if not fits:
            written = f"{type(self).__name__}({self.resource!r}, {amount!r})"
            message = f'{written}: write a number of 1 or more, or one place such as "{{size}}"'
            raise Misconfigured(message)

    @property
    def amount_member(self) -> str:
        """The member that says how many."""
        return self.amount[1:-1] if isinstance(self.amount, str) else ""

    @property
    def stage(self) -> Stage:
        """After a replay: a stored answer is given again whatever is left."""
        return Stage.STATE

    def ask(self) -> Ask:
        """How much is used."""
        return Ask(resources=(self.resource,))

    def decide(self, call: Call) -> Error | None:
        """Refuse where there is no room, as far as the gate has said."""
        return self._refusal(call, ledger(call))

    def refine(self, call: Call) -> Awaitable[Error | None] | None:
        """Look, or count, what the gate could not say: of an inner action, or where nobody has counted yet."""
        book = ledger(call)
        return self._ask(call, book) if book.used.get(self.resource) is None else None

    def record(self, call: Call, result: "Result[object]") -> None:
        """Take it, when the call is committed."""
        if result.error is None:
            ledger(call).take(self.resource, self.sign * self._amount(call, result.data))

    def contract(self) -> Contract:
        """It may answer BIZ_QUOTA_EXCEEDED."""
        return Contract(errors=(QuotaExceeded,), resources=(self.resource,))

    def _refusal(self, call: Call, book: Ledger) -> Error | None:
        resource = self.resource
        used, most = book.used.get(resource), book.most[resource]
        if used is None or most == UNLIMITED:
            return None
        amount = self.amount
        if used + (amount if isinstance(amount, int) else self._amount(call, None)) <= most:
            return None
        return QuotaExceeded(resource=resource, used=used, limit=most)

    async def _ask(self, call: Call, book: Ledger) -> Error | None:
        await self._learn(call, book)
        return self._refusal(call, book)

    async def _learn(self, call: Call, book: Ledger) -> None:
        if self.resource not in book.used:
            book.learn(await call.db.one(USED, str, resources=[self.resource]))
        if book.used.get(self.resource) is None:
            book.open(self.resource, await call.db.one(call.services.quotas.counted[self.resource], int))

    def _amount(self, call: Call, result: object) -> int:
        """How many, as far as it is known: what a result will say counts as none before."""
        if not isinstance(self.amount, str):
            return self.amount
        found = template(self.amount).value(call.values, result)
        if isinstance(found, int):
            return max(found, 0)
        return len(found) if isinstance(found, Sized) else 0
