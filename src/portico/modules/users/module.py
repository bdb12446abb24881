"""The module of the accounts, and what its actions demand of whoever calls."""

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
from portico.modules.users.versions import V1, V2

MAILS = Path(__file__).parent / "mails"
users = Module("users", mails=MAILS, versions=(V1, V2))

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
