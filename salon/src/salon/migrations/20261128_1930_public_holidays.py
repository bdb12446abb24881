"""Public holidays of each business.

Revision c4a7d2f1830e, after c0a5d2f7e913; made 2026-11-28 19:30 UTC.
"""

import sqlalchemy as sa
from alembic import op

revision = "c4a7d2f1830e"
down_revision = "c0a5d2f7e913"


def upgrade() -> None:
    """Bring the database to this revision."""
    own_org = sa.text("nullif(current_setting('app.org', true), '')::uuid")
    op.create_table(
        "holidays",
        sa.Column("org_id", sa.Uuid(), server_default=own_org, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("portico.new_id()"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("length(name) between 1 and 200", name="holidays_name_length"),
        sa.ForeignKeyConstraint(["org_id"], ["portico.organizations.id"], name="holidays_org_id_fkey"),
        sa.PrimaryKeyConstraint("org_id", "id"),
        sa.UniqueConstraint("org_id", "day", name="holidays_day_key"),
    )
    op.enable_tenancy("holidays")  # type: ignore[attr-defined]  # Portico adds it to Alembic when it migrates


def downgrade() -> None:
    """Take the database back to the revision before."""
    op.disable_tenancy("holidays")  # type: ignore[attr-defined]  # Portico adds it to Alembic when it migrates
    op.drop_table("holidays")
