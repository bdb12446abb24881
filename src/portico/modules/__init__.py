"""Built-in slices, made with the public API: the same shape as a user's own module."""

from portico.modules.audit import audit
from portico.modules.experiments import experiments
from portico.modules.flags import flags
from portico.modules.identity import identity
from portico.modules.jobs import jobs
from portico.modules.organizations import organizations
from portico.modules.usage import usage
from portico.modules.users import users
from portico.modules.webhooks import webhooks

__all__ = ["audit", "experiments", "flags", "identity", "jobs", "organizations", "usage", "users", "webhooks"]
