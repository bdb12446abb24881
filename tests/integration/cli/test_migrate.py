"""`portico migrate` brings a database up to date, and says where it is not."""

from importlib.resources import files

import pytest

from tests.integration.cli.conftest import Held
from tests.integration.cli.programs import Portico

SECRET = "a secret that only tests may know, long enough"
VERSIONS = files("portico.adapters.postgres.migrations") / "versions"
REVISIONS = sum(version.name.startswith("0") for version in VERSIONS.iterdir()) + 1
"""The framework's, and the shop's own."""


def test_a_database_is_checked_before_and_after(other_shop: Portico) -> None:
    """Pending revisions are listed, then applied with their names; a second run has nothing to do."""
    lacking = other_shop.run("migrate", "shop:app", "--check")
    applied = other_shop.run("migrate", "shop:app")
    again = other_shop.run("migrate", "shop:app")

    assert lacking[0] == 1
    assert "Not applied: application 0001_orders: Orders.\n" in lacking[1]
    assert lacking[1].endswith(f"Error: Migrations that are not applied: {REVISIONS}; run `portico migrate`.\n")
    assert applied[0] == 0
    assert "Applying application 0001_orders: Orders" in applied[1]
    assert applied[1].endswith(f"Migrations applied: {REVISIONS}.\n")
    assert again[0] == 0
    assert again[1].endswith("The database was up to date.\n")


def test_drift_is_told_and_the_next_revision_mends_it(other_shop: Portico) -> None:
    """A table without its guards fails the check; the written revision brings them, and the check is content."""
    assert other_shop.run("migrate", "shop:app")[0] == 0

    drifted = other_shop.run("migrate", "shop:app", "--check")
    written = other_shop.run("migrate", "shop:app", "--new", "Guard the orders")
    applied = other_shop.run("migrate", "shop:app")
    content = other_shop.run("migrate", "shop:app", "--check")

    assert drifted[0] == 1
    assert 'Table "orders": row level security is off.' in drifted[1]
    assert written[1].startswith(f"Wrote {other_shop.folder}/migrations/")
    assert applied[0] == 0
    assert content == (0, "The database is up to date.\n")


BARE = """
from portico import App
from portico.tables import tenant_table
from sqlalchemy import Column, MetaData, Text

metadata = MetaData()
visits = tenant_table("visits", metadata, Column("notes", Text, nullable=False))
app = App("shop", modules=[], metadata=metadata)
"""


def test_tables_that_nobody_makes_are_told_of(other_shop: Portico) -> None:
    """After migrating, by the check, and before anything is served."""
    (other_shop.folder / "bare.py").write_text(BARE)

    migrated = other_shop.run("migrate", "bare:app")
    checked = other_shop.run("migrate", "bare:app", "--check")
    served = other_shop.run("serve", "bare:app", "--port", "0")

    lacking = "The database lacks tables that shop declares (visits): give the application a folder, App(migrations="
    assert migrated[0] == 0, migrated[1]
    assert lacking in migrated[1]
    for code, said in (checked, served):
        assert code == 1
        assert f"Error: {lacking}" in said


MEANT = """
from portico import Allow, App, Conflict, Module, OrgContext, Raises
from portico.modules import organizations


class Full(Conflict, code="SHOP_FULL"):
    \"\"\"The shop is full.\"\"\"


guests = Module("guests")


@guests.mutation(
    "POST /guests",
    Allow("guests:create"),
    Raises(Full, on="organizations_slug_ky"),
    Raises(Full, on="members_last_owner"),
    Raises(Full, on="organizations_pkey"),
    Raises(Full, on="nothing_like_it"),
)
async def admit(ctx: OrgContext) -> None:
    ...


app = App("shop", modules=[organizations, guests])
"""


def test_constraints_that_the_database_has_not_are_told_of(other_shop: Portico) -> None:
    """With the one that may be meant; an index's name counts, and what a trigger raises."""
    (other_shop.folder / "meant.py").write_text(MEANT)

    migrated = other_shop.run("migrate", "meant:app")
    checked = other_shop.run("migrate", "meant:app", "--check")
    served = other_shop.run("serve", "meant:app", "--port", "0")

    lacking = (
        'The database has no constraint "organizations_slug_ky", which guests.admit gives a meaning (Full): did you '
        'mean "organizations_slug_key"?\n'
        'The database has no constraint "nothing_like_it", which guests.admit gives a meaning (Full): name one that it '
        "has, or one that a function raises."
    )
    assert migrated[0] == 0, migrated[1]
    assert lacking in migrated[1]
    for code, said in (checked, served):
        assert code == 1
        assert f"Error: {lacking}" in said


def test_a_newer_database_may_lack_what_an_older_release_counts_on(other_shop: Portico) -> None:
    """Servers of the older one still start: the newer one's revisions are in the database first."""
    folder = 'migrations=Path("migrations"))'
    text = MEANT.replace("modules=[organizations, guests])", f"modules=[organizations, guests], {folder}")
    (other_shop.folder / "meant.py").write_text(f"from pathlib import Path\n{text}")
    migrated = other_shop.run("migrate", "meant:app")
    refused = other_shop.run("serve", "meant:app", "--port", "0")
    (other_shop.folder / "migrations" / "0001_orders.py").unlink()

    assert "organizations_slug_ky" in migrated[1]
    assert refused[0] == 1
    with other_shop.serving("serve", "meant:app") as program:
        assert program.get("/api/health/ready")[0] == 200


def test_bootstrap_prepares_a_database_of_ones_own(portico_program: Portico, held: Held) -> None:
    """The roles get the passwords that their addresses carry; then the database is migrated, and serves."""
    urls = held.unprepared("own")
    own = {"DATABASE_URL": urls.app, "SECRET_KEY": SECRET}

    prepared = portico_program.run(
        *("migrate", "shop:app", "--bootstrap"),
        **own,
        DATABASE_ADMIN_URL=held.server.admin_url("own"),
        DATABASE_OWNER_URL=urls.owner,
    )

    assert prepared[0] == 0
    assert "Warning" not in prepared[1]
    assert prepared[1].endswith(f"Migrations applied: {REVISIONS}.\n")
    with portico_program.serving("serve", "shop:app", **own) as program:
        assert program.get("/api/v1/hello")[0] == 200


def test_bootstrap_says_what_its_rights_did_not_reach(portico_program: Portico, held: Held) -> None:
    """Whoever is no superuser learns what a superuser must still do."""
    urls = held.unprepared("strange")

    code, said = portico_program.run("migrate", "shop:app", "--bootstrap", DATABASE_ADMIN_URL=urls.owner)

    assert code == 0
    assert "Warning: set_config() is open to every role" in said


def test_bootstrap_wants_the_address_of_who_may(portico_program: Portico) -> None:
    """The setting is named."""
    code, said = portico_program.run("migrate", "shop:app", "--bootstrap")

    assert code == 1
    assert said.startswith("Error: DATABASE_ADMIN_URL is not set")


def test_migrations_want_the_owners_address(portico_program: Portico, held: Held) -> None:
    """The application's own role may not migrate."""
    own = {"DATABASE_URL": held.unprepared("ownerless").app, "SECRET_KEY": SECRET}

    code, said = portico_program.run("migrate", "shop:app", **own)

    assert code == 1
    assert said.startswith("Error: DATABASE_OWNER_URL is not set")


def test_a_revision_says_what_it_changes(portico_program: Portico) -> None:
    """Its file is named after it; nothing is written of none."""
    code, said = portico_program.run("migrate", "shop:app", "--new", " ")

    assert code == 2
    assert 'Invalid value for --new: say what the revision changes, such as --new "Rooms"' in said


@pytest.mark.parametrize("options", [("--check", "--bootstrap"), ("--new", "x", "--check")])
def test_what_excludes_each_other_is_a_mistake_of_usage(portico_program: Portico, options: tuple[str, ...]) -> None:
    """Usage mistakes end with 2."""
    code, said = portico_program.run("migrate", "shop:app", *options)

    assert code == 2
    assert "--check, --new and --bootstrap exclude each other." in said
