"""A database is brought up to date once, whoever asks, and never at the cost of those who use it."""

import asyncio
from datetime import timedelta

import pytest

from portico.adapters.postgres.migrations import MigrationFailed
from portico.adapters.postgres.migrations.chains import HERE
from portico.adapters.postgres.migrations.scripts import SCHEMA
from portico.errors import Misconfigured
from tests.integration.migrations.conftest import Project, connected

pytestmark = pytest.mark.anyio

BRIEFLY = timedelta(milliseconds=50)
FRAMEWORK = [
    "framework 0001: The framework's own tables and functions",
    "framework 0002: Identity and organizations in full",
    "framework 0003: What policies and modules keep",
    "framework 0004: A call's own statements, trimmed",
    "framework 0005: A call's own statements, with less for PostgreSQL to prepare",
    "framework 0006: What a call leaves behind, written with less",
    "framework 0007: What a call takes from a quota, written with less",
    "framework 0008: What is done of an experiment counts from its exposure on",
]


async def test_an_empty_database_gets_the_frameworks_schema(project: Project) -> None:
    """The first upgrade applies the framework's revisions and says so; the second has nothing to do."""
    first, second = await project.migrate(), await project.migrate()

    assert (first, second) == (len(FRAMEWORK), 0)
    assert project.reports == [f"Applying {title}" for title in FRAMEWORK]
    async with connected(project.urls.owner) as owner:
        assert await owner.fetchval("select count(*) from portico.organizations") == 0


async def test_every_sql_file_belongs_to_one_revision() -> None:
    """A file of the framework's schema that no revision runs would be missing from every database."""
    revisions = [path.read_text() for path in (HERE / "versions").glob("[0-9]*.py")]

    uses = {path.name: sum(f'"{path.name}"' in revision for revision in revisions) for path in SCHEMA.glob("*.sql")}

    assert uses == dict.fromkeys(uses, 1)


async def test_pending_names_what_upgrade_would_apply(project: Project) -> None:
    """Framework first, then the application, each with its revision and title; nothing once applied."""
    project.write("plans", 'op.execute("create table plans (id int)")')

    before = await project.pending()
    await project.migrate()

    assert before == [*FRAMEWORK, "application plans: Made by hand"]
    assert await project.pending() == []


async def test_two_upgrades_at_once_apply_everything_once(project: Project) -> None:
    """Whoever comes second waits for the first, and finds nothing left to do."""
    project.write("plans", 'op.execute("create table plans (id int)")')

    applied = await asyncio.gather(project.migrate(), project.migrate())

    assert sorted(applied) == [0, len(FRAMEWORK) + 1]


async def test_a_second_process_waits_for_the_first(project: Project) -> None:
    """The turn is kept by the database itself, and whoever waits for it says so."""
    async with connected(project.urls.owner) as other, other.transaction():
        await other.execute("select pg_advisory_xact_lock($1)", int.from_bytes(b"portico"))
        waiting = asyncio.create_task(project.migrate())
        await project.reported("waiting for it.")

    assert await waiting == len(FRAMEWORK)
    assert project.reports[0] == "Another migration of this database is running; waiting for it."


async def test_each_revision_has_its_own_transaction(project: Project) -> None:
    """What came before a failing revision stays, the failing one leaves nothing behind."""
    project.write("plans", 'op.execute("create table plans (id int)")')
    project.write("broken", 'op.execute("create table half (id int)"), op.execute("select 1/0")', after="plans")

    with pytest.raises(Exception, match="division by zero"):
        await project.migrate()

    assert await project.pending() == ["application broken: Made by hand"]
    async with connected(project.urls.owner) as owner:
        assert await owner.fetchval("select to_regclass('plans') is not null and to_regclass('half') is null")


async def test_a_locked_table_ends_in_one_sentence(shop: Project) -> None:
    """A revision that cannot have its table is taken back, tried again, and given up with what to do."""
    shop.write("wider", 'op.execute("alter table customers add phone text")', after=await shop.head())

    async with connected(shop.urls.owner) as other, other.transaction():
        await other.execute("select from customers")
        with pytest.raises(MigrationFailed) as failure:
            await shop.migrate(lock_timeout=BRIEFLY)

    assert str(failure.value) == (
        "The migration application wider: Made by hand was taken back 4 times after waiting 0.05 s for a table that "
        "others use: migrate again when the database is quieter, or with a longer lock timeout."
    )
    assert await shop.pending() == ["application wider: Made by hand"]


async def test_a_table_that_is_let_go_in_time_is_migrated(shop: Project) -> None:
    """The first try is taken back while another holds the table; a later one succeeds, and counts once."""
    shop.write("wider", 'op.execute("alter table customers add phone text")', after=await shop.head())

    async with connected(shop.urls.owner) as other:
        async with other.transaction():
            await other.execute("select from customers")
            migrating = asyncio.create_task(shop.migrate(lock_timeout=BRIEFLY))
            await shop.reported("trying again.")
        applied = await migrating

    assert applied == 1
    assert await shop.pending() == []


async def test_two_ends_of_a_chain_are_refused(project: Project) -> None:
    """Two branches of a team that both added a revision are told so, and where."""
    project.write("one", "pass")
    project.write("two", "pass")

    with pytest.raises(Misconfigured, match="end in one, two: let one come after the other"):
        await project.pending()


async def test_a_database_ahead_of_its_code_is_refused(shop: Project) -> None:
    """Older code than the database's revision does not touch it."""
    for path in shop.folder.glob("*.py"):
        path.unlink()

    with pytest.raises(
        Misconfigured, match=r"The database is at revision \w+, which .* does not have: run the code that made it"
    ):
        await shop.migrate()


async def test_a_missing_folder_is_named(project: Project) -> None:
    """A mistyped folder is an error, not a project without migrations."""
    project.folder.rmdir()

    with pytest.raises(Misconfigured, match=f"There is no folder {project.folder} for migrations"):
        await project.migrate()
