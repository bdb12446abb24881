"""What the people who run an installation do to its users, organizations, keys and sessions."""

from portico.cli.operate.audit import audit
from portico.cli.operate.chain import heads, verify
from portico.cli.operate.deliveries import DELIVERING
from portico.cli.operate.experiments import experiments
from portico.cli.operate.flags import flags
from portico.cli.operate.jobs import jobs
from portico.cli.operate.keys import keys
from portico.cli.operate.orgs import orgs
from portico.cli.operate.sessions import sessions
from portico.cli.operate.usage import usage
from portico.cli.operate.users import users
from portico.cli.operate.webhooks import webhooks

for command in DELIVERING:
    webhooks.add_command(command)

OPERATE = (users, orgs, keys, sessions, jobs, audit, usage, flags, experiments, webhooks)

__all__ = [
    "OPERATE",
    "audit",
    "experiments",
    "flags",
    "heads",
    "jobs",
    "keys",
    "orgs",
    "sessions",
    "usage",
    "users",
    "verify",
    "webhooks",
]
