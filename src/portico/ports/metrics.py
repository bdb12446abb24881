"""The metrics: their names, what they say, how those of several processes become one, and what adds to them."""

from typing import Literal, NamedTuple, Protocol


class Metric(NamedTuple):
    """One metric. A counter's name is shown with `_total`, which is how Prometheus tells it."""

    name: str
    says: str
    labels: tuple[str, ...] = ()
    kind: Literal["counter", "gauge", "histogram"] = "counter"
    merge: Literal["sum", "max"] = "sum"
    """What several processes' gauges are together."""


BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds that divide calls by how long they took."""
CALLS = Metric(
    "portico_calls",
    "Calls of actions by outcome: ok, refused (4xx), failed (5xx), left (cut off). kind: query, mutation, export, job.",
    ("action", "kind", "outcome", "code"),
)
SECONDS = Metric("portico_call_seconds", "How long calls took, up to their commit.", ("action", "kind"), "histogram")
LIMITS = Metric("portico_limits_refused", "Calls that a rate limit has refused.", ("action", "limit"))
CACHE = Metric("portico_cache_looks", "Looks into the cache: hit, stale (given out while renewed), miss.", ("outcome",))
LOGGED = Metric("portico_logged", "Lines of the log that warn or tell of an error.", ("severity", "category"))
AUDIT = Metric("portico_audit_failures", "Audit rows of refused or exporting calls that could not be written.")
SIZE = Metric("portico_pool_connections", "Connections that the processes may hold.", kind="gauge")
LENT = Metric("portico_pool_in_use", "Connections in use.", kind="gauge")
WAITING = Metric("portico_pool_waiting", "Calls that wait for a connection.", kind="gauge")
BREAKER = Metric("portico_breaker_state", "0 closed, 1 half-open, 2 open.", ("service",), "gauge", "max")
PROCESSES = Metric("portico_processes", "Processes of the application on this machine.", kind="gauge")
RELEASE = Metric("portico_release", "1, for the releases that run.", ("release",), "gauge", "max")
DATABASE = Metric("portico_database_up", "Whether the database answers.", kind="gauge", merge="max")
JOBS = Metric("portico_jobs", "Jobs in the queue: waiting, running, dead (given up).", ("state",), "gauge", "max")
OVERDUE = Metric("portico_jobs_overdue_seconds", "How long the job has waited that is due first.", (), "gauge", "max")
LAG = Metric("portico_outbox_lag_seconds", "Age of the oldest event that no handler was given.", (), "gauge", "max")
ALL = (
    *(CALLS, SECONDS, LIMITS, CACHE, LOGGED, AUDIT),
    *(SIZE, LENT, WAITING, BREAKER, PROCESSES, RELEASE, DATABASE, JOBS, OVERDUE, LAG),
)


class Counting(Protocol):
    """Adds to metrics."""

    def count(self, metric: Metric, *labels: str, by: int = 1) -> None:
        """So many more; by 0, a counter is shown that has not counted yet."""
        ...

    def set(self, metric: Metric, *labels: str, to: float) -> None:
        """So much now."""
        ...
