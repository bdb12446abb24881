"""What a call leaves behind, written with less.

Revision 0006, after 0005.
"""

from alembic import op

from portico.adapters.postgres.migrations.scripts import run_scripts

revision = "0006"
down_revision = "0005"

SCRIPTS = (
    "close_v5.sql",
    "outbox_v1.sql",
)


def upgrade() -> None:
    """Add what calls pass through from now on; what servers of the former release call stays."""
    run_scripts(op.get_bind(), *SCRIPTS)
