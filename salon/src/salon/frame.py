"""What stands around every page of somebody who is signed in: where they are, who they are, what has just happened."""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from portico import Html, UserContext
from portico.modules.organizations import find as find_organizations

NOTICES: Mapping[str, str] = {
    "verified": "Your address is confirmed. You can sign in now.",
    "sent": "We have sent the mail again.",
    "reset": "Your new password is set. Please sign in with it.",
    "signed-out": "You are signed out on every device.",
    "email-confirmed": "Your new address is confirmed. Please sign in with it from now on.",
    "name": "Your name is saved.",
    "email": "We have sent a link to the new address. It changes once you have used the link.",
    "password": "Your new password is set, and all other sessions have ended.",
    "two-factor-off": "Two-factor authentication is off.",
    "session-ended": "The session has ended.",
    "others-ended": "All other sessions have ended.",
    "key-revoked": "The key is revoked.",
    "passkey-added": "The passkey is ready. You can sign in with it from now on.",
    "passkey-removed": "The passkey is removed.",
    "connected": "The account is connected. You can sign in with it from now on.",
    "disconnected": "The account is no longer connected.",
    "founded": "Your organization is ready.",
    "joined": "Welcome. You belong to the organization now.",
    "declined": "You have declined the invitation.",
    "saved": "Your changes are saved.",
    "left": "You have left the organization.",
    "deleted": "The organization is deleted.",
    "role-changed": "The role is changed. It counts from now on.",
    "removed": "The member is removed.",
    "invited": "The invitation is on its way.",
    "revoked": "The invitation is revoked.",
    "role-made": "The new role is ready.",
    "role-deleted": "The role is deleted.",
    "staff-added": "The new member of staff is on the list.",
    "webhook-saved": "The webhook is saved.",
    "webhook-sent": "It is on its way. Reload the page in a moment to see how it went.",
    "webhook-deleted": "The webhook is deleted.",
    "staff-removed": "The member of staff is removed.",
}
"""What a page says after a success, by the word in its address; another word says nothing."""

WARNINGS: Mapping[str, str] = {
    "AUTH_LINK_FIRST": "There is an account with this address already. Sign in with your password, and connect the "
    "other account under Security.",
    "AUTH_IDENTITY_TAKEN": "That account is connected to somebody else here.",
}
"""What a page says where a way through another site has failed, by the code that it brings back."""


def warning_of(error: str) -> str:
    """The words for a code in the page's address; empty where there is none."""
    return WARNINGS.get(error, "That did not work. Please try again.") if error else ""


async def framed(ctx: UserContext, template: str, values: Mapping[str, object], *, done: str = "") -> Html:
    """The template with its values, in the frame."""
    around = {
        "user": ctx.user,
        "org": ctx.org,
        "mine": await ctx.call(find_organizations),
        "zone": ZoneInfo(ctx.org.timezone if ctx.org else "UTC"),
        "allowed": frozenset(filter(ctx.may, ctx.permissions)),
        "notice": NOTICES.get(done, ""),
    }
    return Html(template, {**around, **values})


def by_thing(permissions: Iterable[str], mark: str = ":") -> dict[str, list[str]]:
    """Permissions such as `staff:read`, grouped by what they are about; `staff:*` stands first. So events, by a dot."""
    things: dict[str, list[str]] = {}
    for permission in sorted(permissions):
        things.setdefault(permission.partition(mark)[0], []).append(permission)
    return things
