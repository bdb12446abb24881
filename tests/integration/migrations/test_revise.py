"""A revision is written from the tables as they are declared, and runs as it was written."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

from portico.errors import Misconfigured
from portico.tables import belongs_to, open_table, tenant_table
from tests.integration.migrations.conftest import Project, connected

pytestmark = pytest.mark.anyio


async def test_declared_tables_become_a_revision_that_leaves_no_drift(project: Project) -> None:
    """Every kind of column, key, index and default that PostgreSQL spells its own way is found again."""
    declare_everything(project.metadata)
    await project.migrate()

    await project.release("All tables")

    assert await project.pending() == []
    assert await project.drift() == []


async def test_a_revision_reads_like_a_page(shop: Project) -> None:
    """It says what it is, when and after what it was made, and holds the tenant table with its access."""
    shop.metadata.remove(shop.metadata.tables["customers"])
    tenant_table("customers", shop.metadata, Column("name", Text, nullable=False), Column("phone", Text))

    written = await shop.revise("Customers have a phone")

    source = written.read_text()
    assert source.startswith('"""Customers have a phone.\n\nRevision ')
    assert "op.add_column('customers', sa.Column('phone', sa.Text(), nullable=True))" in source
    assert [path.name.endswith("_customers_have_a_phone.py") for path in later(shop.folder)] == [True]
    assert [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)] == [
        "upgrade",
        "downgrade",
    ]


async def test_a_new_tenant_table_is_guarded_by_its_own_revision(project: Project) -> None:
    """Creating the table and enabling its tenancy are one transaction; the way back is the reverse."""
    tenant_table("customers", project.metadata, Column("name", Text))
    await project.migrate()

    source = await project.release("Customers")

    up, down = source.split("def downgrade")
    assert up.index("op.create_table('customers'") < up.index("op.enable_tenancy('customers')")
    assert down.index("op.disable_tenancy('customers')") < down.index("op.drop_table('customers')")


async def test_a_dropped_tenant_table_comes_back_guarded(shop: Project) -> None:
    """The downgrade of a drop makes the table and its policies again."""
    shop.metadata.remove(shop.metadata.tables["customers"])

    source = await shop.release("No more customers")

    _, down = source.split("def downgrade")
    assert down.index("op.create_table('customers'") < down.index("op.enable_tenancy('customers')")
    assert await shop.drift() == []


async def test_an_open_table_may_become_a_tenants(project: Project) -> None:
    """Changing the declaration changes the access, and the way back restores it."""
    open_table("plans", project.metadata, Column("org_id", Uuid), Column("id", Uuid), why="one price list for all")
    await project.migrate()
    await project.release("Plans")
    project.metadata.tables["plans"].info.update(portico="tenant")

    source = await project.release("Own plans")

    up, down = source.split("def downgrade")
    assert "op.enable_tenancy('plans')" in up
    assert "op.open_table('plans')" in down


async def test_agreeing_tables_give_an_empty_revision(shop: Project) -> None:
    """A revision to fill by hand, for what no comparison can see."""
    source = await shop.release("Fill in the slugs")

    assert source.count("    pass\n") == 2
    assert await shop.pending() == []


async def test_a_revision_needs_a_database_that_is_up_to_date(project: Project) -> None:
    """Compared with an old database, a revision would repeat what another does already."""
    with pytest.raises(Misconfigured, match="The database still lacks 8 revisions: migrate it"):
        await project.revise("Too early")


async def test_an_undecided_table_stops_revision_and_comparison(project: Project) -> None:
    """A table that says neither whose nor why is named, with the mend."""
    Table("notes", project.metadata, Column("text", Text))

    for refused in (project.revise("Notes"), project.drift()):
        with pytest.raises(Misconfigured, match='Table "notes" does not say whose rows it holds: declare it with ten'):
            await refused


async def test_the_first_revision_makes_its_folder(project: Project) -> None:
    """A new project has no folder for migrations yet."""
    project.folder.rmdir()
    async with connected(project.urls.owner):
        await Project(project.urls, project.folder.parent).migrate()

    written = await project.revise("First")

    assert written.parent == project.folder


def declare_everything(metadata: MetaData) -> None:
    """Two tenant tables and an open one with all that applications commonly declare."""
    tenant_table(
        "customers",
        metadata,
        Column("number", Integer, Identity(always=True), nullable=False),
        Column("name", Text, nullable=False, server_default=""),
        Column("email", Text),
        Column("lower_email", Text, Computed("lower(email)", persisted=True)),
        Column("rank", Integer, Computed("CAST(credit AS integer)*2 + coalesce(length(name), 0)", persisted=True)),
        Column("data", JSONB, nullable=False, server_default=text("'{}'")),
        Column("credit", Numeric(10, 2), nullable=False, server_default="0"),
        Column("public_id", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        UniqueConstraint("org_id", "public_id"),
        CheckConstraint("credit >= 0", name="customers_credit_positive"),
        Index("customers_email_key", "org_id", text("lower(email)"), unique=True),
    )
    tenant_table(
        "visits",
        metadata,
        Column("customer_id", Uuid),
        Column("minutes", Integer, nullable=False),
        Column("status", Text, nullable=False, server_default="booked"),
        belongs_to("customers", column="customer_id", ondelete="set null"),
        ExcludeConstraint(
            (text("int8range(minutes, minutes + 30)"), "&&"),
            name="visits_no_overlap",
            where=text("status <> 'cancelled'"),
        ),
        Index("visits_open_idx", "org_id", "minutes", postgresql_where=text("status = 'booked'")),
    )
    open_table("countries", metadata, Column("code", Text, primary_key=True), why="the same for everybody")


def later(folder: Path) -> list[Path]:
    """All revisions but the first."""
    return sorted(folder.glob("*.py"))[1:]
