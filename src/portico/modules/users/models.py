"""Accounts as they are told and taken now: the name in two parts."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from portico.modules.identity.models import Email
from portico.modules.users.accounts import Account, Changes
from portico.modules.users.names import FullName, joined

Part = Annotated[str, Field(max_length=99)]


class UserV2(BaseModel):
    """Somebody's account."""

    id: UUID
    first_name: str
    last_name: str
    email: str
    created_at: datetime

    @classmethod
    def of(cls, account: Account) -> Self:
        """The account in this shape."""
        first, last = account.full_name.parts
        return cls(id=account.id, first_name=first, last_name=last, email=account.email, created_at=account.created_at)


class NewUserV2(BaseModel):
    """An account to be."""

    first_name: Part = ""
    last_name: Part = ""
    email: Email

    def full_name(self) -> FullName:
        """The name as it is kept."""
        return joined(FullName(""), self.first_name, self.last_name)


class UserChangesV2(Changes):
    """What to change; what is not sent stays."""

    first_name: Part | None = None
    last_name: Part | None = None

    def renamed(self, held: FullName) -> FullName:
        """The name as it is kept from now on."""
        return joined(held, self.first_name, self.last_name)
