"""A call's own statements, trimmed.

Revision 0004, after 0003.
"""

from alembic import op

from portico.adapters.postgres.migrations.scripts import run_scripts

revision = "0004"
down_revision = "0003"

SCRIPTS = (
    "0004_checks.sql",
    "gate_v4.sql",
    "close_v3.sql",
)


def upgrade() -> None:
    """Add what calls pass through from now on; what servers of the former release call stays."""
    run_scripts(op.get_bind(), *SCRIPTS)
