"""Whatever weakens a tenant table behind the migrations' back is told, and mended by the next revision."""

import pytest
from sqlalchemy import Column, DefaultClause, Index, Text, text

from portico.tables import open_table
from tests.integration.migrations.conftest import Project

pytestmark = pytest.mark.anyio

OPEN_POLICY = "create policy everyone on customers using (true)"
CLOSED = "revoke all on customers from portico_app, portico_worker, portico_reader"
OTHER_RULE = "alter policy tenant on customers using (true)"


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("alter table customers disable row level security", "row level security is off."),
        ("alter table customers no force row level security", "row level security is not forced on its owner."),
        ("drop policy tenant on customers", 'the policy "tenant" is missing.'),
        ("drop policy house on customers", 'the policy "house" is missing.'),
        (OTHER_RULE, 'the policy "tenant" is not the one that op.enable_tenancy makes.'),
        (OPEN_POLICY, 'the policy "everyone" lets further rows in; a policy of your own is made "as restrictive".'),
        ("grant truncate on customers to portico_app", "portico_app may TRUNCATE."),
        ("grant select on customers to public", "everybody may SELECT."),
        (CLOSED, "the application may not even read it."),
    ],
)
async def test_a_weakened_table_is_told_and_mended(shop: Project, tampering: str, told: str) -> None:
    """Each hole has its sentence; the generated revision closes it."""
    await shop.as_owner(tampering)

    found = await shop.drift()
    source = await shop.release("Close the hole")

    assert found == [f'Table "customers": {told}']
    assert "op.enable_tenancy('customers')" in source
    assert await shop.drift() == []


async def test_the_way_back_of_a_mend_opens_nothing(shop: Project) -> None:
    """A downgrade past the mend keeps the table guarded, though it was found without its policy."""
    await shop.as_owner("drop policy tenant on customers; drop policy house on customers")

    source = await shop.release("Close the hole")

    assert source.count("op.enable_tenancy('customers')") == 2
    assert "open_table" not in source


async def test_a_policy_that_only_restricts_is_no_drift(shop: Project) -> None:
    """An application may narrow further what its callers see."""
    await shop.as_owner("create policy named on customers as restrictive using (name <> '')")

    assert await shop.drift() == []


async def test_an_open_table_under_row_level_security_is_told(project: Project) -> None:
    """Declared open, it must be readable."""
    open_table("countries", project.metadata, Column("code", Text, primary_key=True), why="the same for everybody")
    await project.migrate()
    await project.release("Countries")
    await project.as_owner("alter table countries enable row level security; revoke all on countries from portico_app")

    found = await project.drift()
    await project.release("Open it again")

    assert found == ['Table "countries": row level security is on, though the table is declared open.']
    assert await project.drift() == []


async def test_tables_and_columns_that_differ_are_told(shop: Project) -> None:
    """What the database has and lacks, a sentence each."""
    customers = shop.metadata.tables["customers"]
    Index("customers_name_idx", customers.c.org_id, customers.c.name)
    open_table("countries", shop.metadata, Column("code", Text, primary_key=True), why="the same for everybody")
    await shop.as_owner("create table stray (id int); alter table customers add extra int")

    found = await shop.drift()

    assert sorted(found) == [
        'Table "countries" is declared and not in the database.',
        'Table "stray" is in the database and not declared.',
        "The database needs op.create_index('customers_name_idx', 'customers', ['org_id', 'name'], unique=False).",
        "The database needs op.drop_column('customers', 'extra').",
    ]


async def test_a_changed_default_is_told(shop: Project) -> None:
    """Defaults are compared as PostgreSQL spells them, functions that never answer alike included."""
    await shop.as_owner("alter table customers alter id set default gen_random_uuid()")

    found = await shop.drift()

    assert len(found) == 1
    assert "portico.new_id()" in found[0]


async def test_a_default_that_the_database_cannot_spell_yet_is_told(shop: Project) -> None:
    """The declared function comes with the next revision: it is a difference, not a crash."""
    await shop.as_owner("alter table customers alter name set default 'nobody'")
    shop.metadata.tables["customers"].c.name.server_default = DefaultClause(text("portico.not_made_yet()"))

    found = await shop.drift()

    assert len(found) == 1
    assert "portico.not_made_yet()" in found[0]
