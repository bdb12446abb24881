"""What others tell: subscriptions, customers kept elsewhere, a calendar elsewhere.

Revision d7f1b93a5c20, after c4a7d2f1830e; made 2026-11-28 23:45 UTC.
"""

import sqlalchemy as sa
from alembic import op

revision = "d7f1b93a5c20"
down_revision = "c4a7d2f1830e"
TABLES = ("subscriptions", "customer_links", "diary_entries", "diary_syncs")


def upgrade() -> None:
    """Bring the database to this revision."""
    _subscriptions()
    _customer_links()
    _diary()
    for table in TABLES:
        op.enable_tenancy(table)  # type: ignore[attr-defined]  # Portico adds it to Alembic when it migrates


def downgrade() -> None:
    """Take the database back to the revision before."""
    for table in reversed(TABLES):
        op.disable_tenancy(table)  # type: ignore[attr-defined]  # Portico adds it to Alembic when it migrates
        op.drop_table(table)


def _create(name: str, *members: sa.schema.SchemaItem) -> None:
    own_org = sa.text("nullif(current_setting('app.org', true), '')::uuid")
    op.create_table(
        name,
        sa.Column("org_id", sa.Uuid(), server_default=own_org, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("portico.new_id()"), nullable=False),
        *members,
        sa.ForeignKeyConstraint(["org_id"], ["portico.organizations.id"], name=f"{name}_org_id_fkey"),
        sa.PrimaryKeyConstraint("org_id", "id"),
    )


def _subscriptions() -> None:
    _create(
        "subscriptions",
        sa.Column("stripe_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("period_end", sa.DateTime(timezone=True)),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("org_id", name="subscriptions_one_each"),
        sa.CheckConstraint("length(stripe_id) between 1 and 255", name="subscriptions_stripe_id_length"),
        sa.CheckConstraint("plan in ('pro', 'business')", name="subscriptions_plan_known"),
    )


def _customer_links() -> None:
    _create(
        "customer_links",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("source_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("org_id", "source_id", name="customer_links_source_key"),
        sa.UniqueConstraint("org_id", "customer_id", name="customer_links_customer_key"),
        sa.CheckConstraint("length(source_id) between 1 and 100", name="customer_links_source_id_length"),
        sa.ForeignKeyConstraint(
            ["org_id", "customer_id"],
            ["customers.org_id", "customers.id"],
            name="customer_links_customer_id_fkey",
            ondelete="CASCADE",
        ),
    )


def _diary() -> None:
    _create(
        "diary_entries",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("org_id", "source_id", name="diary_entries_source_key"),
        sa.CheckConstraint("length(source_id) between 1 and 200", name="diary_entries_source_id_length"),
        sa.CheckConstraint("length(title) between 1 and 200", name="diary_entries_title_length"),
        sa.CheckConstraint("starts_at < ends_at", name="diary_entries_in_order"),
    )
    op.create_index("diary_entries_starts_at_idx", "diary_entries", ["org_id", "starts_at", "id"])
    _create(
        "diary_syncs",
        sa.Column("synced_at", sa.DateTime(timezone=True)),
        sa.Column("problem", sa.Text()),
        sa.UniqueConstraint("org_id", name="diary_syncs_one_each"),
    )
