"""What the people who run an installation do to its users, organizations, keys and sessions."""

from portico.cli.operate.audit import audit
from portico.cli.operate.jobs import jobs
from portico.cli.operate.keys import keys
from portico.cli.operate.orgs import orgs
from portico.cli.operate.sessions import sessions
from portico.cli.operate.users import users

OPERATE = (users, orgs, keys, sessions, jobs, audit)

__all__ = ["OPERATE", "audit", "jobs", "keys", "orgs", "sessions", "users"]
