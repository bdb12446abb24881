"""The framework's own tables and functions.

Revision 0001, the first.
"""

from alembic import op

from portico.adapters.postgres.migrations.scripts import run_scripts

revision = "0001"
down_revision = None

SCRIPTS = (
    "0001_tables.sql",
    "identity_v1.sql",
    "row_v1.sql",
    "gate_v1.sql",
    "close_v1.sql",
    "refusal_v1.sql",
    "grants_v1.sql",
)


def upgrade() -> None:
    """Make the schema portico."""
    run_scripts(op.get_bind(), *SCRIPTS)


def downgrade() -> None:
    """Remove the schema portico with all that it holds."""
    op.execute("drop schema portico cascade")
