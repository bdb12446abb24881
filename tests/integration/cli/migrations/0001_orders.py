"""Orders."""

import sqlalchemy as sa
from alembic import op

revision = "0001_orders"
down_revision = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "orders",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
    )
