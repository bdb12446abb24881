"""What a call takes from a quota, written with less.

Revision 0007, after 0006.
"""

from alembic import op

from portico.adapters.postgres.migrations.scripts import run_scripts

revision = "0007"
down_revision = "0006"

SCRIPTS = ("usage_v2.sql",)


def upgrade() -> None:
    """Add what calls pass through from now on; what servers of the former release call stays."""
    run_scripts(op.get_bind(), *SCRIPTS)
