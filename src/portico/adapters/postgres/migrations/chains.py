"""Two chains of revisions, each with a version table of its own: the framework's, then the application's."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import ResolutionError
from sqlalchemy import Connection

from portico.errors import Misconfigured

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Chain:
    """Revisions in one folder, and the table in schema public that says how far the database is."""

    name: str
    folder: Path
    version_table: str

    def directory(self) -> ScriptDirectory:
        """Alembic's view of the folder; new revisions sort by the second they were made."""
        if not self.folder.is_dir():
            raise Misconfigured(f"There is no folder {self.folder} for migrations: make it, or mend App(migrations=…).")
        return ScriptDirectory(
            HERE,
            version_locations=[self.folder],
            file_template="%(year)d%(month).2d%(day).2d_%(hour).2d%(minute).2d%(second).2d_%(slug)s",
            timezone="UTC",
            messaging_opts={"quiet": True},
        )

    def missing(self, connection: Connection) -> list[Script]:
        """Revisions that the database does not have yet, oldest first."""
        directory = self.directory()
        heads = directory.get_heads()
        if len(heads) > 1:
            ends = ", ".join(sorted(heads))
            raise Misconfigured(f"The migrations in {self.folder} end in {ends}: let one come after the other.")
        current = self.context(connection).get_current_heads()
        try:
            return list(directory.iterate_revisions("heads", current, implicit_base=True))[::-1]
        except ResolutionError as error:
            raise Misconfigured(
                f"The database is at revision {', '.join(current)}, which {self.folder} does not have: "
                "run the code that made it, or bring the file back."
            ) from error

    def context(self, connection: Connection, **options: object) -> MigrationContext:
        """Alembic's state of the database in this chain."""
        return MigrationContext.configure(connection, opts={"version_table": self.version_table, **options})


def chains(app_migrations: Path | None) -> Iterator[Chain]:
    """The framework's chain first: the application's tables refer to its own."""
    yield Chain("framework", HERE / "versions", "portico_version")
    if app_migrations is not None:
        yield application(app_migrations)


def application(folder: Path) -> Chain:
    """The application's chain keeps Alembic's usual version table, so that a project with a history brings it along."""
    return Chain("application", folder, "alembic_version")
