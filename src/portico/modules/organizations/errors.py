"""What organizations refuse."""

from portico import Conflict, Duplicate, Error, Forbidden


class SlugTaken(Duplicate, code="BIZ_SLUG_TAKEN"):
    """This address is already taken. Please choose another."""

    at: str | None = "slug"


class OwnersOnly(Forbidden, code="AUTH_OWNERS_ONLY"):
    """Only an owner may do this."""


class BeyondOneself(Forbidden, code="AUTH_BEYOND_OWN_ROLE"):
    """You cannot give or take away more than you may do yourself."""


class RoleExists(Duplicate, code="BIZ_ROLE_EXISTS"):
    """There is a role of this name already. Please choose another."""

    at: str | None = "name"


class RoleInUse(Conflict, code="BIZ_ROLE_IN_USE"):
    """Somebody has this role or is invited to it. Please give them another role first."""

    retryable = False


class TooManyRoles(Conflict, code="BIZ_TOO_MANY_ROLES"):
    """An organization has at most 100 roles of its own."""

    retryable = False


class AlreadyMember(Duplicate, code="BIZ_ALREADY_MEMBER"):
    """Whoever has this e-mail address belongs to the organization already."""


class OtherAddress(Forbidden, code="AUTH_OTHER_ADDRESS"):
    """This invitation is for another e-mail address, or yours is not confirmed yet."""


class InvitationClosed(Error, code="BIZ_INVITATION_CLOSED", status=410):
    """This invitation is no longer open. Please ask for a new one."""


class InvitationAnswered(InvitationClosed, code="BIZ_INVITATION_ANSWERED"):
    """This invitation was answered already."""


class InvitationExpired(InvitationClosed, code="BIZ_INVITATION_EXPIRED"):
    """This invitation has expired. Please ask for a new one."""


def refusal_of(outcome: str) -> Error:
    """What the database's word for an invitation that cannot be answered means."""
    known = {
        "other address": OtherAddress,
        "expired": InvitationExpired,
        "accepted": InvitationAnswered,
        "declined": InvitationAnswered,
    }
    return known.get(outcome, InvitationClosed)()
