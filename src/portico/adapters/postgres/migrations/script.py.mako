"""${message[:1].upper() + message[1:]}.

Revision ${up_revision}${", after " + down_revision if down_revision else ", the first"}; made ${create_date.strftime("%Y-%m-%d %H:%M")} UTC.
"""

% if "sa." in uses:
import sqlalchemy as sa
% endif
from alembic import op
% if "postgresql." in uses:
from sqlalchemy.dialects import postgresql
% endif

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Bring the database to this revision."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Take the database back to the revision before."""
    ${downgrades if downgrades else "pass"}
