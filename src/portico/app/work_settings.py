"""Settings of background work: who takes jobs, how many, how soon they are tried again."""

from pydantic import Field
from pydantic_settings import BaseSettings

from portico.app.written import DatabaseUrl


class WorkSettings(BaseSettings):
    """Of workers, be they processes of their own or beside what serves."""

    database_worker_url: DatabaseUrl | None = Field(
        None, description="PostgreSQL as `portico_worker`, not through a pooler: for workers alone."
    )
    portico_worker: bool = Field(
        default=False, description="Whether the processes that serve run jobs too, as `portico worker` does."
    )
    portico_worker_jobs: int = Field(10, ge=1, le=1000, description="Jobs that one worker runs at a time.")
    portico_worker_lease: float = Field(
        30.0,
        ge=1,
        le=3600,
        description="Seconds after which the jobs of a worker that is gone are given to others.",
    )
    portico_job_pause: float = Field(
        5.0,
        gt=0,
        le=3600,
        description="Seconds before a failed job is tried again, at most; doubled with each attempt, up to an hour.",
    )
    portico_wake_seconds: float = Field(
        0.02,
        ge=0,
        le=3600,
        description="Seconds of commits of which workers are told together, five times as many while commits keep"
        " coming; each second they look by themselves.",
    )
