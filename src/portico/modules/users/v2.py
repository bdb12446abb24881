"""Accounts in their second shape: the name in two parts."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from portico import Numbered, Operator, Slice, UserContext
from portico.modules.identity.models import Email
from portico.modules.users import accounts
from portico.modules.users.accounts import Account, Changes, Filter, IfMatch
from portico.modules.users.module import CREATES, DELETES, UPDATES, users_v2
from portico.modules.users.names import FullName, joined

Part = Annotated[str, Field(max_length=99)]


class UserV2(BaseModel):
    """Somebody's account."""

    id: UUID
    first_name: str
    last_name: str
    email: str
    created_at: datetime

    @classmethod
    def of(cls, account: Account) -> Self:
        """The account in this shape."""
        first, last = account.full_name.parts
        return cls(id=account.id, first_name=first, last_name=last, email=account.email, created_at=account.created_at)


class NewUserV2(BaseModel):
    """An account to be."""

    first_name: Part = ""
    last_name: Part = ""
    email: Email


class UserChangesV2(Changes):
    """What to change; what is not sent stays."""

    first_name: Part | None = None
    last_name: Part | None = None


@users_v2.query("GET /users", Operator())
async def find(ctx: UserContext, wanted: Filter, at: Numbered) -> Slice[UserV2]:
    """Everybody's accounts by address, those of organizations' API keys among them."""
    return await accounts.find_accounts(ctx, wanted, at, show=UserV2.of)


@users_v2.query("GET /users/{id}", Operator())
async def get(ctx: UserContext, id: UUID) -> UserV2:
    """Somebody's account."""
    return UserV2.of(await accounts.read_account(ctx, id))


@users_v2.mutation("POST /users", *CREATES)
async def create(ctx: UserContext, data: NewUserV2) -> UserV2:
    """Make an account without a password; its owner chooses one by the link of a mail."""
    name = joined(FullName(""), data.first_name, data.last_name)
    return UserV2.of(await accounts.create_account(ctx, data.email, name))


@users_v2.mutation("PATCH /users/{id}", *UPDATES)
async def update(ctx: UserContext, id: UUID, data: UserChangesV2, *, if_match: IfMatch = None) -> UserV2:
    """Change a person's name, whether the address counts as confirmed, or who is an operator; not for oneself."""

    def rename(held: FullName) -> FullName:
        return joined(held, data.first_name, data.last_name)

    return UserV2.of(await accounts.change_account(ctx, id, data, if_match=if_match, name=rename))


@users_v2.mutation("DELETE /users/{id}", *DELETES)
async def delete(ctx: UserContext, id: UUID) -> None:
    """Delete a person's account, with sessions and keys; refused for the last owner of an organization."""
    await accounts.delete_account(ctx, id)
