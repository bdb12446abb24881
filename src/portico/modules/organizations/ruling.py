"""Who may make whom what: nobody gives or takes away more than they may do themselves; owners are for owners."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

from pydantic import BaseModel

from portico import FieldError, Invalid, OrgContext, UserContext
from portico.core.call import holds
from portico.core.context import call_of
from portico.modules.organizations.errors import BeyondOneself, OwnersOnly

OWNER = "owner"
# Locked, so that the role cannot be given more while somebody is being given the role.
OWN_ROLE = "select permissions from portico.roles where org_id = :org and name = :name for share"


class Granted(BaseModel):
    """A role of the organization's own making, as far as it matters to who gives it."""

    permissions: list[str]


class Holder(NamedTuple):
    """A role that somebody has, with its permissions where it is of the organization's own making."""

    role: str
    permissions: Sequence[str] | None


def held_by(ctx: UserContext, holder: Holder) -> Collection[str]:
    """What somebody may do by their role."""
    own = holder.permissions
    return call_of(ctx).services.roles.get(holder.role, ()) if own is None else own


def may_give(ctx: UserContext, giver: Holder, given: Holder) -> bool:
    """Whether somebody else may give a role: what holds for the caller by `refuse_beyond`."""
    held = held_by(ctx, giver)
    owns = given.role != OWNER or giver.role == OWNER
    return owns and all(holds(held, permission) for permission in held_by(ctx, given))


def refuse_beyond(ctx: OrgContext, role: str, permissions: Iterable[str]) -> None:
    """Raise OwnersOnly where an owner is made or unmade by anybody else, BeyondOneself where the role holds more."""
    if role == OWNER and ctx.role != OWNER:
        raise OwnersOnly
    if not all(ctx.may(permission) for permission in permissions):
        raise BeyondOneself


async def grantable(ctx: OrgContext, role: str) -> str | None:
    """What stands in `custom_role` beside the role; raises Invalid for no role, BeyondOneself for one out of reach."""
    built_in = ctx.roles.get(role)
    if built_in is not None:
        refuse_beyond(ctx, role, built_in)
        return None
    own = await ctx.db.maybe(OWN_ROLE, Granted, org=ctx.org.id, name=role)
    if own is None:
        raise Invalid(errors={"role": [FieldError("VAL_UNKNOWN_ROLE")]})
    refuse_beyond(ctx, role, own.permissions)
    return role


async def refuse_above(ctx: OrgContext, role: str) -> None:
    """Raise what keeps the caller from taking a role away that may do more; nobody minds one that is gone."""
    with suppress(Invalid):
        await grantable(ctx, role)
