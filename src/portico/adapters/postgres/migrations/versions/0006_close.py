"""A close that is given its first audit row and its first event by themselves.

Revision 0006, after 0005.
"""

from alembic import op

from portico.adapters.postgres.migrations.scripts import run_scripts

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add what calls pass through from now on; what servers of the former release call stays."""
    run_scripts(op.get_bind(), "close_v5.sql")
