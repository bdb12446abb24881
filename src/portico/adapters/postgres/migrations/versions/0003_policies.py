"""What policies and modules keep.

Revision 0003, after 0002.
"""

from alembic import op

from portico.adapters.postgres.migrations.scripts import run_scripts

revision = "0003"
down_revision = "0002"

SCRIPTS = (
    "0003_ids.sql",
    "0003_drafts.sql",
    "0003_jobs.sql",
    "jobs_v1.sql",
    "events_v1.sql",
    "tail_v1.sql",
    "user_events_v1.sql",
    "gate_v3.sql",
    "close_v2.sql",
    "noted_v1.sql",
    "0003_audit.sql",
    "0003_claims.sql",
    "outside_v1.sql",
    "0003_usage.sql",
    "usage_v1.sql",
    "0003_flags.sql",
    "flags_v1.sql",
    "0003_experiments.sql",
    "experiments_v1.sql",
    "0003_inbox.sql",
    "inbox_v1.sql",
    "plans_v1.sql",
    "0003_seals.sql",
    "seals_v1.sql",
    "0003_webhooks.sql",
    "webhooks_v1.sql",
    "upkeep_v1.sql",
    "backlog_v1.sql",
)


def upgrade() -> None:
    """Add what each subject needs; what is there stays."""
    run_scripts(op.get_bind(), *SCRIPTS)
