"""A small application that keeps its tables in a database of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import Column, MetaData, Text

from portico.adapters.postgres.migrations import drift, pending, revise, upgrade
from portico.adapters.postgres.servers import Urls
from portico.tables import tenant_table


@dataclass
class Project:
    """Tables, revisions and database of one application, and what was reported of its migrations."""

    urls: Urls
    folder: Path
    metadata: MetaData = field(default_factory=MetaData)
    reports: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def migrate(self, *, lock_timeout: timedelta = timedelta(seconds=5)) -> int:
        """Apply what is missing."""
        return await upgrade(self.urls, app_migrations=self.folder, report=self.note, lock_timeout=lock_timeout)

    def note(self, report: str) -> None:
        """Keep a report, and wake who waits for it."""
        self.reports.append(report)
        self.news.set()

    async def reported(self, ending: str) -> None:
        """Wait until something was reported that ends so."""
        async with asyncio.timeout(10):
            while not any(report.endswith(ending) for report in self.reports):
                self.news.clear()
                await self.news.wait()

    async def revise(self, message: str) -> Path:
        """Write the next revision."""
        return await revise(self.urls, metadata=self.metadata, app_migrations=self.folder, message=message)

    async def release(self, message: str) -> str:
        """Write the next revision, apply it, and give its text."""
        written = await self.revise(message)
        await self.migrate()
        return written.read_text()

    async def drift(self) -> list[str]:
        """Tell where the database is not what the tables say."""
        return await drift(self.urls, metadata=self.metadata, app_migrations=self.folder)

    async def pending(self) -> list[str]:
        """Tell what is to be applied."""
        return await pending(self.urls, app_migrations=self.folder)

    async def head(self) -> str:
        """The newest revision that the database has."""
        async with connected(self.urls.owner) as owner:
            return str(await owner.fetchval("select version_num from alembic_version"))

    async def as_owner(self, statements: str) -> None:
        """Run statements behind the migrations' back."""
        async with connected(self.urls.owner) as owner:
            await owner.execute(statements)

    def write(self, name: str, upgrade: str, *, after: str | None = None) -> None:
        """Write a revision by hand, called what its file is called."""
        (self.folder / f"{name}.py").write_text(REVISION.format(name=name, after=after, upgrade=upgrade))


REVISION = '''"""Made by hand."""

from alembic import op

revision = {name!r}
down_revision = {after!r}


def upgrade() -> None:
    {upgrade}
'''


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection as one of the roles."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
def project(database: Urls, tmp_path: Path) -> Project:
    """An application without tables, on an empty database."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    return Project(database, folder)


@pytest.fixture
async def shop(project: Project) -> Project:
    """An application whose one table, customers, is in its database."""
    tenant_table("customers", project.metadata, Column("name", Text, nullable=False))
    await project.migrate()
    await project.release("customers")
    return project
