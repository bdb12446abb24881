"""One transaction for all the reads of a request, and one gate."""

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING
from uuid import UUID

from portico.ports.database import Db, Entry, Facts, Journal, Transaction

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from portico.core.pipeline import Begin


class SharedReads:
    """A READ ONLY transaction that calls use one after another: a call's commit leaves it open for the next one.

    The gate is asked once, and again only where a call is in another organization than the one before it. Whoever lets
    calls share it sees to it that they take turns, and says when it is over (`end`).
    """

    __slots__ = ("_asked", "_begin", "_facts", "_inner", "_touched")

    def __init__(self, begin: "Begin") -> None:
        """Nothing is begun before it is used."""
        self._begin = begin
        self._inner: Transaction | None = None
        self._asked: Entry | None = None
        self._facts = Facts()
        self._touched = False

    def begin(self, *, read_only: bool, seconds: float | None) -> Transaction:  # as all that begin
        """Itself."""
        return self

    @property
    def read_only(self) -> bool:
        """It may not write."""
        return True

    @property
    def db(self) -> Db:
        """Statements on it."""
        self._touched = True
        return self._open.db

    @property
    def orm(self) -> "AsyncSession":
        """A SQLAlchemy session on it."""
        self._touched = True
        return self._open.orm

    async def gate(self, entry: Entry) -> Facts:
        """What the gate has said of the caller; the row, which is each call's own question, is looked up."""
        asked = entry._replace(table=None, row=None, owner=None, version=None, whose="org")
        if asked != self._asked:
            self._asked = None
            self._facts = await self._open.gate(asked)
            self._asked = asked
        self._touched = False
        return self._facts if entry.table is None else await self.row(entry, self._facts)

    async def row(self, entry: Entry, facts: Facts) -> Facts:
        """The facts with the row's owner and version."""
        self._touched = True
        return await self._open.row(entry, facts)

    async def step_into(self, org: UUID | None, proof: bytes = b"", *, journal: Journal | None = None) -> Facts:
        """Be in another organization; the gate is then asked anew."""
        self._touched, self._asked = True, None
        return await self._open.step_into(org, proof, journal=journal)

    async def commit(self, journal: Journal | None = None) -> None:
        """Stay open, unless there is something to write, which the database refuses."""
        if journal is not None:
            await self._open.commit(journal)
            self._forget()

    async def rollback(self) -> None:
        """Stay open where a call was refused before it has read; end where a statement may have failed."""
        if self._touched or self._asked is None:
            inner = self._inner
            self._forget()
            if inner is not None:
                await inner.rollback()

    async def end(self) -> None:
        """Give the connection back; what is read later begins anew."""
        inner = self._inner
        self._forget()
        if inner is not None:
            await inner.rollback()

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """A part that can be undone alone."""
        self._touched = True
        return self._open.savepoint()

    @property
    def _open(self) -> Transaction:
        if self._inner is None:
            self._inner = self._begin(read_only=True, seconds=None)
        return self._inner

    def _forget(self) -> None:
        self._inner, self._asked, self._touched = None, None, False
