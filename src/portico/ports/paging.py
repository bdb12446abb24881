"""Lists: what a caller asks for, what a list is, what a page holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Generic, NamedTuple, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, Field

from portico.ports.late import built_late

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

T = TypeVar("T")
MOST = 100
"""The largest page; a larger wish is taken as this."""


def _at_most(value: object) -> object:
    try:
        return min(int(value), MOST)  # type: ignore[call-overload]  # whatever is no number is left to the validator
    except (TypeError, ValueError):
        return value


Limit = Annotated[int, Field(ge=1, le=MOST), BeforeValidator(_at_most)]


class Edges(NamedTuple):
    """How connections ask for a page besides: every row with its cursor, and perhaps backward."""

    before: str | None = None
    """The cursor that the rows come before; with `after`, they lie between both."""
    backward: bool = False
    """Whether the page is the last of what lies there, not the first."""


class Edged(NamedTuple):
    """What connections are told of a page besides."""

    cursors: list[str]
    """Of each row."""
    earlier: bool
    """Whether there are rows before them."""
    later: bool
    """Whether there are rows after them."""


@built_late
class Keyset(BaseModel, defer_build=True):
    """Input of a list by cursor: fast however long the list is."""

    limit: Limit = 20
    after: Annotated[str, Field(max_length=1000)] | None = None

    def edged(self, edges: Edges) -> Self:
        """The same page, as connections ask for it: what `ctx.db.page` gives then has a cursor for each row."""
        page = self.model_copy()
        # Where Pydantic keeps private attributes; to declare one would cost every list over REST 3 µs.
        object.__setattr__(page, "__pydantic_private__", {**(page.__pydantic_private__ or {}), "edges": edges})
        return page

    @property
    def edges(self) -> Edges | None:
        """How connections ask for it, where it is one that does."""
        kept = self.__pydantic_private__
        return kept.get("edges") if kept else None


@built_late
class Numbered(BaseModel, defer_build=True):
    """Input of a list by page number, with totals: for lists of some thousands."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    limit: Limit = 20


class Ready(NamedTuple):
    """Rows that the database has already written as JSON, and how to read them as values of a type."""

    json: bytes
    kind: object
    read: Callable[[bytes], list[Any]]


class Slice(Generic[T]):
    """A page of a list, `{data, meta}` on the wire.

    Rows that came as JSON are read only when `data` is looked at: a handler that passes its page on pays nothing.
    """

    __slots__ = ("_data", "after", "edged", "limit", "page", "ready", "total")

    def __init__(
        self,
        data: list[T] | Ready,
        *,
        after: str | None = None,
        limit: int | None = None,
        page: int | None = None,
        total: int | None = None,
    ) -> None:
        """`after` is the cursor of the next page; `total` counts the whole list, where it is counted."""
        self.ready = data if isinstance(data, Ready) else None
        self._data = None if isinstance(data, Ready) else data
        self.after = after
        self.limit = limit
        self.page = page
        self.total = total
        self.edged: Edged | None = None
        """What connections are told besides, where one asks."""

    @property
    def data(self) -> list[T]:
        """The rows; once looked at, they are what is sent."""
        if self._data is None:
            self._data = self.ready.read(self.ready.json) if self.ready is not None else []
            self.ready = None
        return self._data

    @property
    def total_pages(self) -> int | None:
        """How many pages there are, where the list is counted."""
        if self.total is None or self.limit is None:
            return None
        return -(-self.total // self.limit)

    def meta(self) -> dict[str, object]:
        """What the wire says beside the data."""
        if self.total is None:
            told: dict[str, object] = {"limit": self.limit, "after": self.after}
            return told if self.edged is None else {**told, "edged": self.edged}
        return {"page": self.page, "limit": self.limit, "total": self.total, "total_pages": self.total_pages}

    def __eq__(self, other: object) -> bool:
        """Equal where rows and meta are."""
        return isinstance(other, Slice) and (self.data, self.meta()) == (other.data, other.meta())

    __hash__ = None  # type: ignore[assignment]  # its rows may change


@dataclass(frozen=True, eq=False)
class Listing:
    """A list, compiled once for each set of filters in use.

    `order` must end in something unique, such as the id: the cursor continues after its last values.
    """

    select: "Select[tuple[object, ...]]"
    order: "tuple[ColumnElement[object], ...]"
    where: "Mapping[str, ColumnElement[bool]]" = field(default_factory=dict)
