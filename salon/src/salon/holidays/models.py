"""What goes into the holidays' actions and what comes out."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

Country = Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{2}$")]
Region = Annotated[str, StringConstraints(to_upper=True, max_length=6, pattern=r"^([A-Za-z]{2}-[A-Za-z0-9]{1,3})?$")]
Year = Annotated[int, Field(ge=2000, le=2099)]


class Holiday(BaseModel):
    """A day on which most are closed."""

    day: date
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Published(Holiday):
    """A holiday as the calendar elsewhere has it; without regions, it is the whole country's."""

    regions: list[str] = []


class Wanted(BaseModel):
    """A country's year, or that of one of its regions, such as AT-9."""

    country: Country
    year: Year
    region: Region = ""


class Lookup(BaseModel):
    """What the calendar says; nothing where it is not known."""

    known: bool
    holidays: list[Holiday]


class Imported(BaseModel):
    """What became of taking a year over."""

    year: int
    taken: int
