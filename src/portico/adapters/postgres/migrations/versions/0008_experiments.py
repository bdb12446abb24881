"""What is done of an experiment counts from its exposure on.

Revision 0008, after 0007.
"""

from alembic import op

from portico.adapters.postgres.migrations.scripts import run_scripts

revision = "0008"
down_revision = "0007"

SCRIPTS = ("experiments_v2.sql",)


def upgrade() -> None:
    """Add what calls pass through from now on; what servers of the former release call stays."""
    run_scripts(op.get_bind(), *SCRIPTS)
