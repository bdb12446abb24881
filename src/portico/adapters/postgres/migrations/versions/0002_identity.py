"""Identity and organizations in full.

Revision 0002, after 0001.
"""

from alembic import op

from portico.adapters.postgres.migrations.scripts import run_scripts

revision = "0002"
down_revision = "0001"

SCRIPTS = (
    "0002_tables.sql",
    "row_v2.sql",
    "gate_v2.sql",
    "sessions_v2.sql",
    "touches_v1.sql",
    "accounts_v1.sql",
    "passwords_v1.sql",
    "users_v1.sql",
    "keys_v1.sql",
    "factors_v1.sql",
    "organizations_v2.sql",
    "tokens_v1.sql",
)


def upgrade() -> None:
    """Add what identity needs. The functions of 0001 stay, but for those that took their caller at its word."""
    run_scripts(op.get_bind(), *SCRIPTS)
