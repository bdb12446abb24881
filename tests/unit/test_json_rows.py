"""Which rows PostgreSQL may write as JSON: those that the model would have written the very same."""

from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, computed_field, field_validator
from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, Numeric, Select, Table, Text, Uuid, select

from portico.adapters.postgres.as_json import written_alike

things = Table(
    "things",
    MetaData(),
    Column("id", Uuid),
    Column("name", Text),
    Column("size", Integer),
    Column("there", Boolean),
    Column("price", Numeric),
    Column("at", DateTime(timezone=True)),
    Column("local", DateTime),
)
SELECT: Select[Any] = select(things)


class Color(Enum):
    """An enumeration."""

    RED = "red"


class Plain(BaseModel):
    """Plain types alone."""

    model_config = ConfigDict(frozen=True)
    id: UUID
    name: Annotated[str | None, Field(max_length=9)]
    size: int = 1
    there: bool
    at: AwareDatetime


class Validated(BaseModel):
    """With a rule of its own."""

    name: str

    @field_validator("name")
    @classmethod
    def loud(cls, value: str) -> str:
        """Change the value."""
        return value.upper()


class Computed(BaseModel):
    """With a member that the table does not have."""

    size: int

    @computed_field
    def twice(self) -> int:
        """Twice the size."""
        return 2 * self.size


class Aliased(BaseModel):
    """Under another name on the wire."""

    name: str = Field(alias="called")


class Configured(BaseModel):
    """With a configuration that changes what is written."""

    model_config = ConfigDict(use_enum_values=True)
    name: str


class Serialized(BaseModel):
    """With a serializer of its own."""

    name: Annotated[str, PlainSerializer(str.upper)]


class Absent(BaseModel):
    """With a member that is not selected."""

    nowhere: str = ""


def model(**fields: Any) -> type[BaseModel]:
    """A model of those fields."""
    return type("Made", (BaseModel,), {"__annotations__": fields})


@pytest.mark.parametrize(
    "into",
    [
        Plain,
        model(name=str),
        model(name=Literal["a", "b"]),
        model(name=str | None, size=int | None),
        model(at=datetime),
    ],
)
def test_plain_rows_are_written_by_the_database(into: type[BaseModel]) -> None:
    """Nobody would notice who wrote them."""
    assert written_alike(into, SELECT)


@pytest.mark.parametrize(
    "into",
    [
        Validated,
        Computed,
        Aliased,
        Configured,
        Serialized,
        Absent,
        int,
        dict[str, int],
        model(price=Decimal),
        model(name=Color),
        model(name=int),
        model(size=str),
        model(size=float),
        model(local=datetime),
        model(name=list[str]),
        model(name=str | int),
        model(size=Literal["1"]),
        model(at=str),
    ],
)
def test_anything_else_is_written_by_the_model(into: object) -> None:
    """In doubt the model decides."""
    assert not written_alike(into, SELECT)
