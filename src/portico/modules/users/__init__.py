"""Everybody's accounts, for operators: at `/api/v1/users` and `/api/v2/users`, two shapes of the same thing."""

from portico.modules.users.accounts import Account, Changes, Filter
from portico.modules.users.actions import create, delete, find, get, update
from portico.modules.users.errors import OwnAccount
from portico.modules.users.models import NewUserV2, UserChangesV2, UserV2
from portico.modules.users.module import users
from portico.modules.users.v1 import NewUserV1, UserChangesV1, UserV1
from portico.modules.users.versions import V1, V2

__all__ = [
    "V1",
    "V2",
    "Account",
    "Changes",
    "Filter",
    "NewUserV1",
    "NewUserV2",
    "OwnAccount",
    "UserChangesV1",
    "UserChangesV2",
    "UserV1",
    "UserV2",
    "create",
    "delete",
    "find",
    "get",
    "update",
    "users",
]
