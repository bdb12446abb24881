"""Accounts in their first shape, where the name is whole, and the ways from there to now and back."""

from uuid import UUID

from pydantic import BaseModel

from portico.modules.identity.models import Email, Name
from portico.modules.users.accounts import Changes
from portico.modules.users.models import NewUserV2, UserChangesV2, UserV2
from portico.modules.users.names import FullName, renamed


class UserV1(BaseModel):
    """Somebody's account."""

    id: UUID
    name: str
    email: str


class NewUserV1(BaseModel):
    """An account to be."""

    name: Name = ""
    email: Email


class UserChangesV1(Changes):
    """What to change; what is not sent stays."""

    name: Name | None = None


class NamedWhole(NewUserV2):
    """An account to be, of whose name nobody said what the last part is."""

    name: str

    def full_name(self) -> FullName:
        """The name whole."""
        return FullName(self.name)


class ChangedWhole(UserChangesV2):
    """What to change, with the name whole."""

    name: str | None

    def renamed(self, held: FullName) -> FullName:
        """The last name stays where the new name ends in it."""
        return renamed(held, self.name)


def told_whole(user: UserV2) -> UserV1:
    """The name in one."""
    return UserV1(id=user.id, name=f"{user.first_name} {user.last_name}".strip(), email=user.email)


def named_whole(new: NewUserV1) -> NamedWhole:
    """What was taken then, as what is taken now."""
    return NamedWhole(name=new.name, email=new.email)


def changed_whole(changes: UserChangesV1) -> ChangedWhole:
    """What was changed then, as what is changed now."""
    return ChangedWhole(name=changes.name, email_verified=changes.email_verified, operator=changes.operator)
