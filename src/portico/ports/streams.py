"""Rows drawn one after another, and the two ways in which they can be written."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Literal, NamedTuple, TypeAlias, TypeVar

T = TypeVar("T")
Spelling: TypeAlias = Literal["json", "csv"]
FORMULA = "=+-@\t\r\n\u2212\uff1d\uff0b\uff0d\uff20"
"""Text that begins so is a formula to a spreadsheet: these, and a minus sign and full-width forms that some take so."""


class Lines(NamedTuple):
    """Some rows as they leave, each line ended."""

    text: bytes
    rows: int


Written: TypeAlias = Callable[[Spelling], AsyncGenerator[Lines, None]]


class Rows(AsyncIterator[T]):
    """What `ctx.db.stream` gives: values one after another; or all of them as lines, where the database can write them.

    Nothing is read before the first value or line is asked for.
    """

    __slots__ = ("_values", "written")

    def __init__(self, values: AsyncGenerator[T, None], written: Written | None = None) -> None:
        """`written` gives lines of a spelling; None where the model would write something else."""
        self._values = values
        self.written = written

    def __anext__(self) -> Awaitable[T]:
        """The next value."""
        return anext(self._values)

    async def aclose(self) -> None:
        """Read no further."""
        await self._values.aclose()
