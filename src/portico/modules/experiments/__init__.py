"""What experiments have come to, at `/api/v1/experiments`."""

from portico.modules.experiments.actions import Summary, experiments, find, get
from portico.modules.experiments.plot import plot
from portico.modules.experiments.report import Count, Interval, Report, Score, report_of

__all__ = ["Count", "Interval", "Report", "Score", "Summary", "experiments", "find", "get", "plot", "report_of"]
