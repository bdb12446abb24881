"""Opening hours.

Revision c0a5d2f7e913, after 5b1e0c9d7a42; made 2026-11-28 19:00 UTC.
"""

import sqlalchemy as sa
from alembic import op

revision = "c0a5d2f7e913"
down_revision = "5b1e0c9d7a42"


def upgrade() -> None:
    """Bring the database to this revision."""
    own_org = sa.text("nullif(current_setting('app.org', true), '')::uuid")
    op.create_table(
        "opening_hours",
        sa.Column("org_id", sa.Uuid(), server_default=own_org, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("portico.new_id()"), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("weekday between 0 and 6", name="opening_hours_weekday_known"),
        sa.CheckConstraint("opens < closes", name="opening_hours_in_order"),
        sa.ForeignKeyConstraint(["org_id"], ["portico.organizations.id"], name="opening_hours_org_id_fkey"),
        sa.PrimaryKeyConstraint("org_id", "id"),
        sa.UniqueConstraint("org_id", "weekday", "opens", name="opening_hours_span_key"),
    )
    op.enable_tenancy("opening_hours")  # type: ignore[attr-defined]  # Portico adds it to Alembic when it migrates


def downgrade() -> None:
    """Take the database back to the revision before."""
    op.disable_tenancy("opening_hours")  # type: ignore[attr-defined]  # Portico adds it to Alembic when it migrates
    op.drop_table("opening_hours")
