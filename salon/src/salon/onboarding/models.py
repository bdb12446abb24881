"""The steps of the wizard, and what it makes."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from portico.modules.organizations import NewOrganization
from salon.hours.models import Span, Week
from salon.services.models import Minutes, Name

Currency = Literal["EUR", "CHF", "GBP", "USD"]
Price = Annotated[Decimal, Field(ge=0, le=1_000_000, decimal_places=2)]


class BasicInfo(NewOrganization):
    """Step 1: what the business is called, where it is, what it is paid in."""

    currency: Currency = "EUR"


class Offer(BaseModel):
    """A service that the business begins with."""

    name: Name
    duration_minutes: Minutes
    price: Price = Decimal(0)


def _different(offers: list[Offer]) -> list[Offer]:
    if len({offer.name.casefold() for offer in offers}) < len(offers):
        raise PydanticCustomError("VAL_NAMES_REPEAT", "Please give every service a name of its own.")
    return offers


class Services(BaseModel):
    """Step 2: what it offers."""

    services: Annotated[list[Offer], Field(min_length=1, max_length=20), AfterValidator(_different)]


class Publish(BaseModel):
    """Step 3: when it is open."""

    spans: Annotated[Week, Field(min_length=1)]


class Published(BaseModel):
    """A business that is ready to be booked."""

    id: UUID
    slug: str
    services: int


USUAL_WEEK = [Span.model_validate({"weekday": day, "opens": "09:00", "closes": "18:00"}) for day in range(5)]
"""What the third step suggests."""
