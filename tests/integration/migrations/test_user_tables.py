"""A user's own rows are nobody else's: not another user's of the same organization, not a report's."""

import asyncpg
import pytest
from sqlalchemy import Column, ForeignKeyConstraint, MetaData, Text, UniqueConstraint, Uuid

from portico.adapters.postgres.tables import check_tables
from portico.errors import Misconfigured
from portico.tables import belongs_to, tenant_table, user_table
from tests.integration.migrations.conftest import Project, connected

pytestmark = pytest.mark.anyio

USER = "insert into portico.users (email) values ($1) returning id"
JOT = "insert into notes (user_id, text) values ($1, $2)"


@pytest.fixture
async def notebook(project: Project) -> Project:
    """An application whose one table, notes, is its users' own."""
    user_table("notes", project.metadata, Column("text", Text, nullable=False), UniqueConstraint("user_id", "text"))
    await project.migrate()
    await project.release("notes")
    return project


@pytest.fixture
async def people(notebook: Project) -> dict[str, str]:
    """Two users, each with a note; who they are by name."""
    async with connected(notebook.urls.owner) as owner:
        ids = {name: await owner.fetchval(USER, f"{name}@example.com") for name in ("ann", "bob")}
        for name, id in ids.items():
            await owner.execute(JOT, id, f"{name}'s")
    return {name: str(id) for name, id in ids.items()}


def test_a_user_table_has_its_user_and_id_first() -> None:
    """Both columns are filled by the database and make the key."""
    table = user_table("notes", MetaData(), Column("text", Text))

    assert table.columns.keys() == ["user_id", "id", "text"]
    assert table.primary_key.columns.keys() == ["user_id", "id"]
    assert table.info == {"portico": "user"}
    assert [key.ondelete for key in table.foreign_key_constraints] == ["CASCADE"]


def test_a_unique_key_that_reveals_other_users_is_refused() -> None:
    """It begins with whose the row is, as an organization's does."""
    with pytest.raises(Misconfigured, match="key of text tells one user what another has; begin it with user_id"):
        user_table("notes", MetaData(), Column("text", Text), UniqueConstraint("text"))


def test_a_reference_between_user_tables_names_the_user() -> None:
    """The same word refers within whatever table it is put into, with its index."""
    table = user_table("pages", MetaData(), Column("note_id", Uuid), belongs_to("notes", column="note_id"))

    (reference,) = (key for key in table.foreign_key_constraints if len(key.columns) == 2)
    assert reference.column_keys == ["user_id", "note_id"]
    assert [element.target_fullname for element in reference.elements] == ["notes.user_id", "notes.id"]
    assert [(index.name, index.columns.keys()) for index in table.indexes] == [
        ("pages_note_id_idx", ["user_id", "note_id"])
    ]


@pytest.mark.parametrize("declare", [tenant_table, user_table])
def test_a_reference_across_owners_is_refused(declare: type) -> None:
    """Neither may an organization's row point at a user's own, nor the other way round: each would be felt there."""
    metadata, other = MetaData(), user_table if declare is tenant_table else tenant_table
    other("notes", metadata)
    by_hand = ForeignKeyConstraint(["by", "note_id"], ["notes.by", "notes.id"])
    reference = belongs_to("notes", column="note_id") if declare is tenant_table else by_hand
    declare("pages", metadata, Column("note_id", Uuid), Column("by", Uuid), reference)

    with pytest.raises(Misconfigured, match=r'Table "pages" keeps each \w+\'s rows and refers to "notes", which keeps'):
        check_tables(metadata)


async def test_a_new_user_table_is_guarded_by_its_own_revision(notebook: Project) -> None:
    """Creating it and enabling its ownership are one transaction; the way back is the reverse; nothing drifts."""
    source = next(notebook.folder.glob("*.py")).read_text()

    up, down = source.split("def downgrade")
    assert up.index("op.create_table('notes'") < up.index("op.enable_ownership('notes')")
    assert down.index("op.disable_tenancy('notes')") < down.index("op.drop_table('notes')")
    assert await notebook.drift() == []


async def test_a_dropped_user_table_comes_back_guarded(notebook: Project) -> None:
    """The downgrade of a drop makes the table and its policies again."""
    notebook.metadata.remove(notebook.metadata.tables["notes"])

    source = await notebook.release("No more notes")

    _, down = source.split("def downgrade")
    assert down.index("op.create_table('notes'") < down.index("op.enable_ownership('notes')")


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("alter table notes no force row level security", "row level security is not forced on its owner."),
        ("drop policy self on notes", 'the policy "self" is missing.'),
        ("alter policy self on notes using (true)", 'the policy "self" is not the one that op.enable_ownership makes.'),
        (
            "create policy tenant on notes using (true)",
            'the policy "tenant" lets further rows in; a policy of your own is made "as restrictive".',
        ),
        ("grant select on notes to portico_reader", "portico_reader may SELECT."),
    ],
)
async def test_a_weakened_user_table_is_told_and_mended(notebook: Project, tampering: str, told: str) -> None:
    """Each hole has its sentence; the generated revision closes it, and its way back opens none."""
    await notebook.as_owner(tampering)

    found = await notebook.drift()
    source = await notebook.release("Close the hole")

    assert found == [f'Table "notes": {told}']
    assert source.count("op.enable_ownership('notes')") == 2
    assert await notebook.drift() == []


async def test_a_table_that_changes_hands_is_told_and_left_to_a_person(shop: Project) -> None:
    """Whose each row would be, no comparison knows: no revision is written that would guess it."""
    shop.metadata.remove(shop.metadata.tables["customers"])
    user_table("customers", shop.metadata, Column("name", Text, nullable=False))

    found = await shop.drift()

    told = 'Table "customers": its rows are kept by the policy "tenant", and are declared to be another owner\'s.'
    assert told in found
    with pytest.raises(Misconfigured, match="declare a table of another name, move the rows by hand, then drop"):
        await shop.revise("Own customers")


async def test_a_user_sees_and_writes_their_own_rows_alone(notebook: Project, people: dict[str, str]) -> None:
    """The application's role, without a WHERE: reads, changes, writes in another's name, takes the same words."""
    async with connected(notebook.urls.app) as app:
        await act_as(app, people["ann"])

        await app.execute("insert into notes (text) values ('bob''s')")
        seen = await app.fetch("select text from notes order by text")
        changed = await app.execute("update notes set text = text || '!'")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute(JOT, people["bob"], "smuggled")

    assert [row["text"] for row in seen] == ["ann's", "bob's"]
    assert changed == "UPDATE 2"


@pytest.mark.usefixtures("people")
async def test_each_role_sees_what_it_may(notebook: Project) -> None:
    """Nobody signed in sees nothing, the worker sees all, a report may not even look."""
    async with connected(notebook.urls.app) as app, connected(notebook.urls.worker) as worker:
        unset = await app.fetchval("select count(*) from notes")
        await act_as(app, "")
        empty = await app.fetchval("select count(*) from notes")
        everything = await worker.fetchval("select count(*) from notes")

    assert (unset, empty, everything) == (0, 0, 2)
    async with connected(notebook.urls.reader) as reader:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for table notes"):
            await reader.fetchval("select count(*) from notes")


async def test_a_users_rows_go_with_the_account(notebook: Project, people: dict[str, str]) -> None:
    """And nobody else's do."""
    async with connected(notebook.urls.owner) as owner:
        await owner.execute("delete from portico.users where id = $1", people["ann"])

        left = await owner.fetch("select text from notes")

    assert [row["text"] for row in left] == ["bob's"]


async def test_the_gate_reads_a_row_as_what_its_table_is(notebook: Project, people: dict[str, str]) -> None:
    """A statement that names the wrong scope is refused, and the right one finds nobody else's row."""
    async with connected(notebook.urls.owner) as owner:
        rows = {row["user_id"]: row["id"] for row in await owner.fetch("select user_id, id from notes")}
    mine, theirs = (next(id for user, id in rows.items() if str(user) == people[name]) for name in ("ann", "bob"))
    async with connected(notebook.urls.app) as app:
        await act_as(app, people["ann"])
        look = "select owner from portico.row_v2('notes', $1, 'text', null, $2)"

        assert await app.fetchval(look, mine, "user") == "ann's"
        assert await app.fetchval(look, theirs, "user") is None
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="the rows of notes are a user's own"):
            await app.fetchval(look, theirs, "org")


async def act_as(app: asyncpg.Connection, user: str) -> None:
    """Choose the user, as only the gate can for the application's role."""
    await app.execute(f"""set app."user" = '{user}'""")
