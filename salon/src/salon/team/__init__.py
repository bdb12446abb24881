"""The pages of organizations: founding, switching, members, invitations, roles and keys."""

from salon.team import history, invitations, keys, members, place, places, roles, services, staff, webhooks
from salon.team.module import team

__all__ = [
    "history",
    "invitations",
    "keys",
    "members",
    "place",
    "places",
    "roles",
    "services",
    "staff",
    "team",
    "webhooks",
]
