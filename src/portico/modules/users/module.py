"""The modules of the accounts, one for each version, and what both demand of whoever calls."""

from pathlib import Path

from portico import (
    Audit,
    Created,
    Invalidates,
    LastOwner,
    Mails,
    Module,
    Operator,
    Policy,
    Raises,
    RateLimit,
    Stale,
    Sudo,
)
from portico.modules.identity.errors import EmailTaken
from portico.modules.users.errors import OwnAccount

MAILS = Path(__file__).parent / "mails"
users = Module("users", mails=MAILS)
users_v2 = Module("users_v2", prefix="/api/v2", mails=MAILS)

WRITES: tuple[Policy, ...] = (Operator(), RateLimit("writes", scope="users", fail="closed"), Invalidates("users"))
CREATES = (
    *WRITES,
    Mails("account_created"),
    Raises(EmailTaken, on="users_email_key"),
    Audit("user.created"),
    Created("/users/{result.id}"),
)
UPDATES = (*WRITES, Sudo(), Raises(OwnAccount), Raises(Stale), Audit("user.updated", target="{id}"))
DELETES = (
    *WRITES,
    Sudo(),
    Raises(OwnAccount),
    Raises(LastOwner, on="members_last_owner"),
    Audit("user.deleted", target="{id}"),
)
