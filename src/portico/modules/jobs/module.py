"""The module of background jobs."""

from portico import Module

jobs = Module("jobs")
