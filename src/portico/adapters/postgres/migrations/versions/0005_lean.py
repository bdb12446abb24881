"""A call's own statements, with less for PostgreSQL to prepare.

Revision 0005, after 0004.
"""

from alembic import op

from portico.adapters.postgres.migrations.scripts import run_scripts

revision = "0005"
down_revision = "0004"

SCRIPTS = (
    "gate_v5.sql",
    "close_v4.sql",
)


def upgrade() -> None:
    """Add what calls pass through from now on; what servers of the former release call stays."""
    run_scripts(op.get_bind(), *SCRIPTS)
