"""Accounts in their first shape: the name is whole."""

from typing import Self
from uuid import UUID

from pydantic import BaseModel

from portico import Numbered, Operator, Slice, UserContext
from portico.modules.identity.models import Email, Name
from portico.modules.users.accounts import (
    Account,
    Changes,
    Filter,
    IfMatch,
    change_account,
    create_account,
    delete_account,
    find_accounts,
    read_account,
)
from portico.modules.users.module import CREATES, DELETES, UPDATES, users
from portico.modules.users.names import FullName, renamed


class UserV1(BaseModel):
    """Somebody's account."""

    id: UUID
    name: str
    email: str

    @classmethod
    def of(cls, account: Account) -> Self:
        """The account in this shape."""
        return cls(id=account.id, name=account.full_name.whole, email=account.email)


class NewUserV1(BaseModel):
    """An account to be."""

    name: Name = ""
    email: Email


class UserChangesV1(Changes):
    """What to change; what is not sent stays."""

    name: Name | None = None


@users.query("GET /users", Operator())
async def find(ctx: UserContext, wanted: Filter, at: Numbered) -> Slice[UserV1]:
    """Everybody's accounts by address, those of organizations' API keys among them."""
    return await find_accounts(ctx, wanted, at, show=UserV1.of)


@users.query("GET /users/{id}", Operator())
async def get(ctx: UserContext, id: UUID) -> UserV1:
    """Somebody's account."""
    return UserV1.of(await read_account(ctx, id))


@users.mutation("POST /users", *CREATES)
async def create(ctx: UserContext, data: NewUserV1) -> UserV1:
    """Make an account without a password; its owner chooses one by the link of a mail."""
    return UserV1.of(await create_account(ctx, data.email, FullName(data.name)))


@users.mutation("PATCH /users/{id}", *UPDATES)
async def update(ctx: UserContext, id: UUID, data: UserChangesV1, *, if_match: IfMatch = None) -> UserV1:
    """Change a person's name, whether the address counts as confirmed, or who is an operator; not for oneself."""
    account = await change_account(ctx, id, data, if_match=if_match, name=lambda held: renamed(held, data.name))
    return UserV1.of(account)


@users.mutation("DELETE /users/{id}", *DELETES)
async def delete(ctx: UserContext, id: UUID) -> None:
    """Delete a person's account, with sessions and keys; refused for the last owner of an organization."""
    await delete_account(ctx, id)
