"""What happens to accounts, for whoever wants to know: handlers, and the webhooks of a person's organizations."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from portico import Event, PublicContext

TELL = "select portico.tell_of_user_v1(:kind, :user_id, :proof)"


class Person(BaseModel):
    """An account, as events tell of it."""

    id: UUID
    email: str
    name: str
    """The whole of it."""
    email_verified: bool
    created_at: AwareDatetime


class UserCreated(Person, Event, name="user.created"):
    """Somebody has an account from now on: signed up, made by an operator, or seen first with another issuer's word."""

    apart: ClassVar[bool] = True


class UserUpdated(Person, Event, name="user.updated"):
    """Somebody has another name or address, or whether the address counts as confirmed is another."""

    apart: ClassVar[bool] = True


class UserDeleted(Person, Event, name="user.deleted"):
    """Somebody's account is gone; this is what was last known of it."""

    apart: ClassVar[bool] = True


async def tell_of(ctx: PublicContext, kind: Literal["created", "updated", "deleted"], user_id: UUID) -> None:
    """Emit the event in the call's transaction: after what was done, but before a deletion.

    The database writes it, since it knows the person's organizations, which nobody else sees all of.
    """
    proof = ctx.proof(b"tell-user", kind.encode(), user_id.bytes)
    await ctx.db.execute(TELL, kind=kind, user_id=user_id, proof=proof)
