"""A table's declaration keeps one organization from another, before any row is written."""

import asyncpg
import pytest
from sqlalchemy import Column, ForeignKeyConstraint, Index, MetaData, Table, Text, UniqueConstraint, Uuid, func

from portico.adapters.postgres.tables import check_tables, members_of_keys
from portico.errors import Misconfigured
from portico.tables import belongs_to, open_table, tenant_table, undecided, user_table
from tests.integration.migrations.conftest import Project, connected

pytestmark = pytest.mark.anyio

ORGANIZATION = "insert into portico.organizations (name, slug) values ($1, $1) returning id"
CHOOSE = "select set_config('app.org', $1, false)"


def test_a_tenant_table_has_its_organization_and_id_first() -> None:
    """Both columns are filled by the database and make the key."""
    table = tenant_table("customers", MetaData(), Column("name", Text))

    assert table.columns.keys() == ["org_id", "id", "name"]
    assert table.primary_key.columns.keys() == ["org_id", "id"]
    assert table.info == {"portico": "tenant"}


@pytest.mark.parametrize(
    "member",
    [
        Column("email", Text, unique=True),
        UniqueConstraint("email", "org_id"),
        Index("customers_email_key", "email", unique=True),
    ],
)
def test_a_unique_key_that_reveals_other_organizations_is_refused(member: Column[str] | Index) -> None:
    """A duplicate of somebody else's value would be told to who may not know it."""
    columns = [] if isinstance(member, Column) else [Column("email", Text)]

    with pytest.raises(Misconfigured, match=r'Table "customers": a unique key of email.* begin it with org_id'):
        tenant_table("customers", MetaData(), *columns, member)


def test_an_open_table_says_why() -> None:
    """Without a reason it is not made."""
    with pytest.raises(Misconfigured, match='The open table "countries" gives no reason'):
        open_table("countries", MetaData(), Column("code", Text, primary_key=True), why=" ")


def test_tables_stay_in_the_schema_public() -> None:
    """Grants, policies and the gate look there alone."""
    metadata = MetaData(schema="shop")

    with pytest.raises(Misconfigured, match=r'Table "shop\.customers": tables of an application live in the schema'):
        tenant_table("customers", metadata)
    with pytest.raises(Misconfigured, match=r'Table "shop\.countries": tables of an application live in the schema'):
        open_table("countries", metadata, why="the same for everybody")


def test_an_undecided_table_is_named() -> None:
    """Plain SQLAlchemy tables are found among the declared ones."""
    metadata = MetaData()
    tenant_table("customers", metadata)
    Table("notes", metadata, Column("text", Text))

    with pytest.raises(Misconfigured, match=r'user_table\("notes", …\), or open_table\("notes", …, why="…"\)'):
        check_tables(metadata)

    assert undecided(metadata) == ["notes"]


def test_a_reference_has_its_index_unless_one_begins_with_it() -> None:
    """Looking from the referred row to its referrers never scans a table."""
    plain = visits(MetaData())
    covered = visits(MetaData(), Index("visits_latest", "org_id", "customer_id", "id"))

    assert [index.name for index in plain.indexes] == ["visits_customer_id_idx"]
    assert [index.name for index in covered.indexes] == ["visits_latest"]


def test_a_reference_goes_without_its_index_where_that_is_said() -> None:
    """In a tenant table and in a user table; the reference itself is the same."""
    for owned in (tenant_table, user_table):
        table = owned(
            "visits", MetaData(), Column("place_id", Uuid), belongs_to("places", column="place_id", indexed=False)
        )

        assert not table.indexes
        assert "visits_place_id_fkey" in {key.name for key in table.foreign_key_constraints}


def test_constraints_have_the_names_that_postgresql_would_give() -> None:
    """A generated downgrade can name what it drops; a name too long is left to the server."""
    table = visits(MetaData(), Column("n" * 50, Text), UniqueConstraint("org_id", "n" * 50))

    names = {str(constraint.name) for constraint in table.foreign_key_constraints}

    assert names == {"visits_org_id_fkey", "visits_customer_id_fkey"}
    assert [constraint.name for constraint in table.constraints if isinstance(constraint, UniqueConstraint)] == [None]


def test_a_unique_key_is_about_the_member_beside_its_owner() -> None:
    """So that a duplicate can say which one; of a key of two members nobody knows."""
    metadata = MetaData()
    members = [Column(name, Text) for name in ("name", "email", "day", "hour", "note")]
    table = tenant_table("guests", metadata, *members, UniqueConstraint("org_id", "name", name="guests_name_key"))
    table.append_constraint(UniqueConstraint("org_id", "day", "hour", name="guests_slot_key"))
    Index("guests_email_idx", table.c.org_id, func.lower(table.c.email), unique=True)
    Index("guests_note_idx", table.c.org_id, table.c.note)
    open_table("countries", metadata, Column("code", Text, unique=True), why="a test")

    found = members_of_keys(metadata)

    assert found == {"guests_name_key": "name", "guests_email_idx": "email", "countries_code_key": "code"}


def test_set_null_keeps_the_organization() -> None:
    """Only the referring column is emptied when the row it names goes."""
    (reference,) = (key for key in visits(MetaData()).foreign_key_constraints if len(key.columns) == 2)

    assert isinstance(reference, ForeignKeyConstraint)
    assert reference.ondelete == "SET NULL (customer_id)"


async def test_an_organization_sees_and_writes_its_own_rows_alone(shop: Project) -> None:
    """The application's role, without a WHERE: reads, writes, and writes in another's name."""
    async with connected(shop.urls.owner) as owner, connected(shop.urls.app) as app:
        for name in ("alpha", "beta"):
            await owner.execute(CHOOSE, str(await owner.fetchval(ORGANIZATION, name)))
            await owner.execute("insert into customers (name) values ($1)", name)
        await act_as(app, await owner.fetchval("select current_setting('app.org')"))

        seen = await app.fetch("select name from customers")
        changed = await app.execute("update customers set name = 'mine'")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("insert into customers (org_id, name) values (gen_random_uuid(), 'theirs')")

    assert [row["name"] for row in seen] == ["beta"]
    assert changed == "UPDATE 1"


async def test_without_an_organization_nothing_is_seen(shop: Project) -> None:
    """No setting, or an empty one, is no organization."""
    async with connected(shop.urls.owner) as owner, connected(shop.urls.app) as app:
        await owner.execute(CHOOSE, str(await owner.fetchval(ORGANIZATION, "alpha")))
        await owner.execute("insert into customers (name) values ('ann')")

        unset = await app.fetchval("select count(*) from customers")
        await act_as(app, "")
        empty = await app.fetchval("select count(*) from customers")

    assert (unset, empty) == (0, 0)


async def test_each_role_has_its_grants_and_no_more(shop: Project) -> None:
    """The reader reads, the worker sees all organizations, nobody but the owner may truncate."""
    async with connected(shop.urls.owner) as owner:
        await owner.execute(CHOOSE, str(await owner.fetchval(ORGANIZATION, "alpha")))
        await owner.execute("insert into customers (name) values ('ann')")

    async with connected(shop.urls.worker) as worker, connected(shop.urls.reader) as reader:
        assert await worker.fetchval("select count(*) from customers") == 1
        assert await reader.fetchval("select count(*) from customers") == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await worker.execute("truncate customers")


async def test_a_disabled_table_is_closed_to_all_but_its_owner(shop: Project) -> None:
    """Tenancy that goes takes the grants along: nothing is left open."""
    shop.write("closed", 'op.disable_tenancy("customers")', after=await shop.head())
    await shop.migrate()

    async with connected(shop.urls.app) as app:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for table customers"):
            await app.fetch("select * from customers")


async def act_as(app: asyncpg.Connection, organization: str) -> None:
    """Choose the organization, as only the gate can for the application's role."""
    await app.execute(f"set app.org = '{organization}'")


def visits(metadata: MetaData, *members: Column[str] | Index | UniqueConstraint) -> Table:
    """Visits of customers, with further members."""
    return tenant_table(
        "visits",
        metadata,
        Column("customer_id", Uuid),
        belongs_to("customers", column="customer_id", ondelete="set null"),
        *members,
    )
