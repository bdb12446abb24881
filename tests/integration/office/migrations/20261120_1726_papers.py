"""Papers.

Revision 8a773887e369, the first; made 2026-11-20 17:26 UTC.
"""

import sqlalchemy as sa
from alembic import op

revision = "8a773887e369"
down_revision = None
OWN_ORG = sa.text("nullif(current_setting('app.org', true), '')::uuid")
WRITER = sa.text("nullif(current_setting('app.user', true), '')::uuid")
NEW_ID = sa.text("portico.new_id()")


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table("forms", sa.Column("number", sa.Text(), nullable=False), sa.PrimaryKeyConstraint("number"))
    op.create_table(
        "papers",
        sa.Column("org_id", sa.Uuid(), server_default=OWN_ORG, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("pages", sa.Integer(), server_default="1", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_by", sa.Uuid(), server_default=WRITER, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("length(title) <= 40", name="papers_title_length"),
        sa.CheckConstraint("pages >= 0", name="papers_pages_positive"),
        sa.ForeignKeyConstraint(["org_id"], ["portico.organizations.id"], name="papers_org_id_fkey"),
        sa.PrimaryKeyConstraint("org_id", "id"),
        sa.UniqueConstraint("org_id", "title", name="papers_title_key"),
    )
    op.create_table(
        "remarks",
        sa.Column("org_id", sa.Uuid(), server_default=OWN_ORG, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=NEW_ID, nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["org_id", "paper_id"], ["papers.org_id", "papers.id"], name="remarks_paper_id_fkey"),
        sa.ForeignKeyConstraint(["org_id"], ["portico.organizations.id"], name="remarks_org_id_fkey"),
        sa.PrimaryKeyConstraint("org_id", "id"),
    )
    op.create_index("remarks_paper_id_idx", "remarks", ["org_id", "paper_id"], unique=False)
    op.open_table("forms")  # type: ignore[attr-defined]  # Portico adds it to Alembic
    op.enable_tenancy("papers")  # type: ignore[attr-defined]  # Portico adds it to Alembic
    op.enable_tenancy("remarks")  # type: ignore[attr-defined]  # Portico adds it to Alembic


def downgrade() -> None:
    """Take the database back to the revision before."""
    op.disable_tenancy("remarks")  # type: ignore[attr-defined]  # Portico adds it to Alembic
    op.disable_tenancy("papers")  # type: ignore[attr-defined]  # Portico adds it to Alembic
    op.disable_tenancy("forms")  # type: ignore[attr-defined]  # Portico adds it to Alembic
    op.drop_index("remarks_paper_id_idx", table_name="remarks")
    op.drop_table("remarks")
    op.drop_table("papers")
    op.drop_table("forms")
