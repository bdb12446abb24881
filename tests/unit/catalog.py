"""A module whose actions take and give one of everything that a schema can show."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, EmailStr, Field, PlainSerializer, SecretStr, computed_field

from portico import From, Idempotent, Keyset, Module, Numbered, Public, PublicContext, RateLimit, Slice

catalog = Module("catalog", Public("a sample"))


class Size(Enum):
    """How large."""

    SMALL = "small"
    LARGE = "large"


class Maker(BaseModel):
    """Who made it."""

    kind: Literal["maker"] = "maker"
    name: str


class Shop(BaseModel):
    """Who sells it."""

    kind: Literal["shop"] = "shop"
    city: str


class Thing(BaseModel):
    """One of everything."""

    id: UUID
    name: str = Field(description="As people say it.")
    old_name: str = Field(deprecated="Read name.")
    size: Size
    state: Literal["new", "used"]
    clock: Literal["12h", "24h"]
    grade: Literal[1, 2]
    count: int
    total: Annotated[int, Field(le=2**53)]
    weight: float
    price: Decimal
    sold: bool
    made_at: AwareDatetime
    seen_at: datetime | None
    day: date
    at: time
    lasts: timedelta
    contact: EmailStr | None
    tags: list[str]
    scores: list[int | None] | None
    extra: dict[str, Any]
    anything: Any
    nothing: None
    either: int | str
    party: Maker | Shop
    parts: "list[Thing]"
    odd: Annotated[int, PlainSerializer(lambda value: {"odd": value})]
    hidden: str = Field(exclude=True)
    maker_id: UUID | None

    @computed_field(description="Both names.")  # type: ignore[prop-decorator]  # as Pydantic documents it
    @property
    def label(self) -> str:
        """Both names."""
        return f"{self.name} {self.old_name}"


class Part(BaseModel):
    """A part to be."""

    name: str
    amount: int = 1


class NewThing(BaseModel):
    """A thing to be."""

    name: str
    size: Size | None = None
    secret: SecretStr
    parts: list[Part]
    price: Decimal | None
    weight: float = 0.5


class Search(BaseModel):
    """Which are wanted."""

    state: Literal["new", "used"] | None = None
    since: AwareDatetime | None = None
    tags: list[str] = []


@catalog.query("GET /things")
async def find(ctx: PublicContext, search: Search, page: Keyset) -> Slice[Thing]:
    """List the things."""
    raise NotImplementedError


@catalog.query("GET /makers")
async def find_makers(ctx: PublicContext, page: Numbered, *, q: str = "") -> Slice[Maker]:
    """List who makes them."""
    raise NotImplementedError


@catalog.query("GET /things/{id}")
async def get(ctx: PublicContext, id: UUID, lang: Annotated[str, From("header", "X-Lang")] = "en") -> Thing:
    """Read one."""
    raise NotImplementedError


@catalog.query("GET /count")
async def count(ctx: PublicContext, seen: Annotated[str, From("cookie", "seen")] = "") -> int:
    """Count them."""
    raise NotImplementedError


@catalog.mutation("POST /things", RateLimit("5/m", by="ip"), Idempotent())
async def create(ctx: PublicContext, data: NewThing) -> Thing | None:
    """Make one."""
    raise NotImplementedError


@catalog.mutation("DELETE /things/{id}", RateLimit("5/m", by="ip"))
async def delete(ctx: PublicContext, id: UUID) -> None:
    """Throw it away."""
    raise NotImplementedError


@catalog.mutation("POST /clear", RateLimit("5/m", by="ip"))
async def clear(ctx: PublicContext) -> list[UUID]:
    """Throw all away."""
    raise NotImplementedError


@catalog.query("GET /makers/{id}")
async def get_maker(ctx: PublicContext, id: UUID) -> Maker:
    """Read one maker."""
    raise NotImplementedError


@catalog.relation(Thing, "maker", by="maker_id", like=get_maker)
async def makers_of(ctx: PublicContext, ids: Sequence[UUID]) -> Mapping[UUID, Maker]:
    """Who has made it."""
    raise NotImplementedError


@catalog.relation(Maker, "things", by="name", like=find)
async def things_of(ctx: PublicContext, names: Sequence[str]) -> Mapping[str, list[Thing]]:
    """All that they make."""
    raise NotImplementedError
