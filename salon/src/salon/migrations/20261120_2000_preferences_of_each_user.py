"""Preferences of each user.

Revision 5b1e0c9d7a42, after 84590fc75035; made 2026-11-20 20:00 UTC.
"""

import sqlalchemy as sa
from alembic import op

revision = "5b1e0c9d7a42"
down_revision = "84590fc75035"


def upgrade() -> None:
    """Bring the database to this revision."""
    caller = sa.text("nullif(current_setting('app.user', true), '')::uuid")
    op.create_table(
        "preferences",
        sa.Column("user_id", sa.Uuid(), server_default=caller, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("portico.new_id()"), nullable=False),
        sa.Column("first_hour", sa.Integer(), nullable=False),
        sa.Column("show_cancelled", sa.Boolean(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.CheckConstraint("first_hour between 0 and 23", name="preferences_first_hour_range"),
        sa.CheckConstraint("clock in ('12h', '24h')", name="preferences_clock_known"),
        sa.ForeignKeyConstraint(["user_id"], ["portico.users.id"], name="preferences_user_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "id"),
        sa.UniqueConstraint("user_id", name="preferences_user_id_key"),
    )
    op.enable_ownership("preferences")  # type: ignore[attr-defined]  # Portico adds it to Alembic when it migrates


def downgrade() -> None:
    """Take the database back to the revision before."""
    op.disable_tenancy("preferences")  # type: ignore[attr-defined]  # Portico adds it to Alembic when it migrates
    op.drop_table("preferences")
