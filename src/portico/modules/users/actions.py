"""What operators do with accounts."""

from uuid import UUID

from portico import Numbered, Operator, Slice, UserContext
from portico.modules.users import accounts
from portico.modules.users.accounts import Filter, IfMatch
from portico.modules.users.models import NewUserV2, UserChangesV2, UserV2
from portico.modules.users.module import CREATES, DELETES, UPDATES, users


@users.query("GET /users", Operator())
async def find(ctx: UserContext, wanted: Filter, at: Numbered) -> Slice[UserV2]:
    """Everybody's accounts by address, those of organizations' API keys among them."""
    return await accounts.find_accounts(ctx, wanted, at, show=UserV2.of)


@users.query("GET /users/{id}", Operator())
async def get(ctx: UserContext, id: UUID) -> UserV2:
    """Somebody's account."""
    return UserV2.of(await accounts.read_account(ctx, id))


@users.mutation("POST /users", *CREATES)
async def create(ctx: UserContext, data: NewUserV2) -> UserV2:
    """Make an account without a password; its owner chooses one by the link of a mail."""
    return UserV2.of(await accounts.create_account(ctx, data.email, data.full_name()))


@users.mutation("PATCH /users/{id}", *UPDATES)
async def update(ctx: UserContext, id: UUID, data: UserChangesV2, *, if_match: IfMatch = None) -> UserV2:
    """Change a person's name, whether the address counts as confirmed, or who is an operator; not for oneself."""
    return UserV2.of(await accounts.change_account(ctx, id, data, if_match=if_match, name=data.renamed))


@users.mutation("DELETE /users/{id}", *DELETES)
async def delete(ctx: UserContext, id: UUID) -> None:
    """Delete a person's account, with sessions and keys; refused for the last owner of an organization."""
    await accounts.delete_account(ctx, id)
