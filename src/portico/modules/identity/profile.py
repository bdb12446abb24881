"""Who one is: shown, changed, let go."""

from portico import Anyone, Audit, Interactive, LastOwner, Raises, RateLimit, Stale, Sudo, UserContext
from portico.modules.identity.errors import LastOwnerOf
from portico.modules.identity.events import tell_of
from portico.modules.identity.models import Account, Membership, Profile, ProfileChanges
from portico.modules.identity.module import identity
from portico.modules.identity.opening import forget_token

READ = """
    select id, email, email_verified_at is not null as email_verified, name, last_name,
           totp_since is not null as two_factor, operator, version
      from portico.users where id = :id
"""
UPDATE = """
    update portico.users
       set name = coalesce(:name, name), last_name = coalesce(:last_name, last_name), version = version + 1
     where id = :id and version = coalesce(cast(:version as numeric), version)
"""
MEMBERSHIPS = "select id, name, slug, role from portico.my_organizations_v2()"
OWNED_ALONE = "select portico.owned_alone_v1()"
DELETE = "delete from portico.users where id = :id"


@identity.query("GET /me", Anyone("one's own profile"))
async def me(ctx: UserContext) -> Profile:
    """Who is signed in, and where they belong."""
    return await _profile(ctx)


@identity.mutation(
    "PATCH /me",
    Anyone("one's own profile"),
    Interactive(),
    RateLimit("writes", fail="closed"),
    Raises(Stale),
    Audit("user.updated", target="{result.id}"),
)
async def update_me(ctx: UserContext, data: ProfileChanges) -> Profile:
    """Change one's name; with `version`, only if nobody did so meanwhile."""
    if not await ctx.db.execute(UPDATE, data, id=ctx.user.id):
        raise Stale(at="version")
    await tell_of(ctx, "updated", ctx.user.id)
    return await _profile(ctx)


@identity.mutation(
    "DELETE /me",
    Anyone("one's own account"),
    Interactive(),
    Sudo(),
    RateLimit("auth", fail="closed"),
    Raises(LastOwnerOf),
    Raises(LastOwner, on="members_last_owner"),
    Audit("user.deleted"),
)
async def delete_me(ctx: UserContext) -> None:
    """Delete one's account, with its sessions and keys; what the audit says of it stays.

    Refused to the last owner of an organization, which has to be handed over or deleted first.
    """
    if organization := await ctx.db.maybe(OWNED_ALONE, str):
        raise LastOwnerOf(organization=organization)
    await tell_of(ctx, "deleted", ctx.user.id)
    await ctx.db.execute(DELETE, id=ctx.user.id)
    forget_token(ctx)


async def _profile(ctx: UserContext) -> Profile:
    account = await ctx.db.one(READ, Account, id=ctx.user.id)
    memberships = await ctx.db.all(MEMBERSHIPS, Membership)
    active = ctx.org.id if ctx.org else None
    return Profile(**dict(account), organizations=memberships, active_organization=active)
