"""What operators do with accounts, whichever shape they are shown in."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from portico import From, NotFound, Numbered, Slice, Stale, UserContext
from portico.modules.identity.challenges import challenge_address
from portico.modules.identity.events import tell_of
from portico.modules.identity.module import FORGOTTEN
from portico.modules.users.errors import OwnAccount
from portico.modules.users.names import FullName

T = TypeVar("T")
IfMatch = Annotated[str | None, Field(max_length=100), From("header", "If-Match")]
"""The ETag that was read: the change is made only if nobody made another meanwhile."""
# strpos knows no wildcards: a % or _ in the search is what the caller typed.
FIND = """
    select id, email, name, last_name, version, created_at from portico.users
     where (:q::text is null or strpos(lower(email), lower(:q)) > 0
            or strpos(lower(portico.whole_name_v1(name, last_name)), lower(:q)) > 0)
       and kind = coalesce(:kind, kind) and operator = coalesce(:operator, operator)
       and (email_verified_at is not null) = coalesce(:verified, email_verified_at is not null)
     order by lower(email), id limit :limit offset :offset
"""
COUNT = """
    select count(*) from portico.users
     where (:q::text is null or strpos(lower(email), lower(:q)) > 0
            or strpos(lower(portico.whole_name_v1(name, last_name)), lower(:q)) > 0)
       and kind = coalesce(:kind, kind) and operator = coalesce(:operator, operator)
       and (email_verified_at is not null) = coalesce(:verified, email_verified_at is not null)
"""
GET = "select id, email, name, last_name, version, created_at from portico.users where id = :id"
LOCK = """
    select id, email, name, last_name, version, created_at from portico.users
     where id = :id and kind = 'person' for no key update
"""
CREATE = """
    insert into portico.users (email, name, last_name) values (:email, :name, :last_name)
    returning id, email, name, last_name, version, created_at
"""
UPDATE = "update portico.users set name = :name, last_name = :last_name, version = version + 1 where id = :id"
MARK = "select portico.mark_user_v1(:id, :email_verified, :operator, :proof)"
DELETE = "delete from portico.users where id = :id and kind = 'person'"


class Filter(BaseModel):
    """Which accounts; all where nothing is said."""

    q: Annotated[str, Field(max_length=200)] | None = None
    """Part of a name or an address."""
    kind: Literal["person", "service"] | None = None
    """Services are what organizations' API keys act as."""
    verified: bool | None = None
    operator: bool | None = None


class Account(BaseModel):
    """An account, as both shapes are made of it."""

    id: UUID
    email: str
    name: str
    last_name: str
    version: int
    created_at: datetime

    @property
    def full_name(self) -> FullName:
        """The name as it is kept."""
        return FullName(self.name, self.last_name)


class Changes(BaseModel):
    """What both shapes change besides the name; what is not sent stays."""

    email_verified: bool | None = None
    operator: bool | None = None


async def find_accounts(ctx: UserContext, wanted: Filter, at: Numbered, *, show: Callable[[Account], T]) -> Slice[T]:
    """A page of the accounts, by address."""
    found = await ctx.db.all(FIND, Account, wanted, limit=at.limit, offset=(at.page - 1) * at.limit)
    total = await ctx.db.one(COUNT, int, wanted)
    return Slice([show(account) for account in found], page=at.page, limit=at.limit, total=total)


async def read_account(ctx: UserContext, id: UUID) -> Account:
    """One account; raises NotFound."""
    return _tagged(ctx, await ctx.db.one(GET, Account, id=id))


async def create_account(ctx: UserContext, email: str, name: FullName) -> Account:
    """An account without a password; a mail to its owner lets them choose one, which confirms the address."""
    account = await ctx.db.one(CREATE, Account, email=email, name=name.name, last_name=name.last_name)
    await tell_of(ctx, "created", account.id)
    _, token = await challenge_address(ctx, "reset-password", email)
    link = f"/reset-password?token={token}"
    ctx.mail("account_created", to=email, name=name.whole, link=link, again=FORGOTTEN)
    return _tagged(ctx, account)


async def change_account(
    ctx: UserContext, id: UUID, changes: Changes, *, if_match: str | None, name: Callable[[FullName], FullName]
) -> Account:
    """Change somebody's account; raises NotFound, Stale, and OwnAccount where operators would unmake themselves."""
    held = await ctx.db.one(LOCK, Account, id=id)
    if if_match not in {None, "", "*", str(held.version), _tag(held)}:
        raise Stale
    if changes.operator is False and id == ctx.user.id:
        raise OwnAccount(at="operator")
    flags = changes.model_dump(include={"email_verified", "operator"})
    if any(flag is not None for flag in flags.values()):
        await ctx.db.execute(MARK, changes, id=id, proof=_proof(ctx, id, changes))
        ctx.audit(**{flag: said for flag, said in flags.items() if said is not None})
    changed = name(held.full_name)
    await ctx.db.execute(UPDATE, id=id, **changed._asdict())
    if changed != held.full_name or changes.email_verified is not None:
        await tell_of(ctx, "updated", id)
    return await read_account(ctx, id)


async def delete_account(ctx: UserContext, id: UUID) -> None:
    """Delete somebody's account, with sessions and keys; raises NotFound, and OwnAccount for one's own."""
    if id == ctx.user.id:
        raise OwnAccount
    await tell_of(ctx, "deleted", id)
    if not await ctx.db.execute(DELETE, id=id):
        raise NotFound


def _proof(ctx: UserContext, id: UUID, changes: Changes) -> bytes:
    """What the database wants before it marks anybody."""
    spelled = {True: "true", False: "false", None: "-"}
    said = f"{spelled[changes.email_verified]}/{spelled[changes.operator]}"
    return ctx.proof(b"mark-user", id.bytes, said.encode())


def _tagged(ctx: UserContext, account: Account) -> Account:
    """The account, with its version on the answer."""
    ctx.answer.header("ETag", _tag(account))
    return account


def _tag(account: Account) -> str:
    return f'"{account.version}"'
