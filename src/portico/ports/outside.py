"""Work outside of a call's transaction: entering again as the same caller, and holding a key while nothing is open."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple, Protocol
from uuid import UUID

from portico.ports.database import Db, Transaction

PROCESSING = 0
"""The status of a stored answer that is not there yet."""


class Standing(NamedTuple):
    """As whom the gate has let a call in; `proof` is the application's word for it, over all the rest."""

    user: UUID | None
    org: UUID | None
    operator: bool
    proof: bytes


class Claim(NamedTuple):
    """A key that one call holds while it works; nobody else runs under it before the lease has run out."""

    digest: bytes
    fingerprint: bytes
    holder: UUID
    action: str
    lease: timedelta
    proof: bytes
    """The application's word that it takes the claim, and gives it back."""


@dataclass(slots=True)
class Trail:
    """What the statements of a call have come to that were each a transaction of their own."""

    wrote: bool = False
    """Whether one of them has committed something."""
    failed: BaseException | None = None
    """What the last of them raised that failed: the database's fault, no other service's."""


class Outside(Protocol):
    """What the database does for a call with no transaction open."""

    def db(self, standing: Standing, trail: Trail, *, read_only: bool) -> Db:
        """Statements that each are a transaction of their own, under the caller's organization."""
        ...

    def entered(self, standing: Standing, *, read_only: bool) -> AbstractAsyncContextManager[Transaction]:
        """A transaction as that caller; it is rolled back where the block fails, and committed by the block itself."""
        ...

    async def claim(self, transaction: Transaction, claim: Claim) -> bool:
        """Take the key; False where it is settled, or held by somebody who may be alive."""
        ...

    async def release(self, transaction: Transaction, claim: Claim) -> bool:
        """Give the key back, for the answer to be stored, or for another try; False where the lease was lost."""
        ...

    async def wrote(self, transaction: Transaction) -> bool:
        """Whether the transaction has written anything so far."""
        ...
