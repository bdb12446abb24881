"""What the audit holds, and by what it is searched."""

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Outcome: TypeAlias = Literal["done", "denied", "failed"]
Word: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class AuditRecord(BaseModel):
    """Who did what, to what, and what came of it."""

    id: int
    at: AwareDatetime
    user_id: UUID | None
    """None where nobody was signed in, or the operator's command line did it."""
    action: str
    target: str | None
    outcome: Outcome
    metadata: dict[str, object]
    ip: str | None
    user_agent: str | None
    request_id: str


class Sealed(BaseModel):
    """How far an organization's audit is under seals, which show whether a record was changed, removed or inserted."""

    seals: int
    records: int
    """Those under the seals that are there; others may have been let go, behind a checkpoint."""
    upto: int | None
    """The id of the last record that is sealed; None before the first seal."""
    sealed_at: AwareDatetime | None
    head: str | None
    """The code of the last seal, in hexadecimal: kept elsewhere, it shows that nothing was cut off at the end."""


class AuditFilter(BaseModel):
    """Which records are wanted: all that fit all of what is given."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    action: Word | None = None
    """The event's name, such as `appointment.cancelled`."""
    user_id: UUID | None = None
    """Who did it."""
    target: Word | None = None
    outcome: Outcome | None = None
    request_id: Word | None = None
    since: Annotated[AwareDatetime | None, Field(alias="from")] = None
    """The first moment."""
    until: Annotated[AwareDatetime | None, Field(alias="to")] = None
    """The moment before which it was."""
