"""Background jobs of all organizations, for operators: at `/api/v1/jobs`."""

from portico.modules.jobs.actions import cancel, find, get, retry
from portico.modules.jobs.errors import AnotherWaits, WrongState
from portico.modules.jobs.models import Job, JobFilter, JobShown, Priority, Problem, State
from portico.modules.jobs.module import jobs

__all__ = [
    "AnotherWaits",
    "Job",
    "JobFilter",
    "JobShown",
    "Priority",
    "Problem",
    "State",
    "WrongState",
    "cancel",
    "find",
    "get",
    "jobs",
    "retry",
]
