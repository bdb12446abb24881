"""Counts, in the cells of this process."""

from portico.adapters.prometheus.cells import Cells
from portico.ports.metrics import BOUNDS, Metric

WIDTH = len(BOUNDS) + 2
"""Numbers of a histogram: one for each part, one for what is beyond, and the sum."""


class Meter:
    """Adds to metrics."""

    def __init__(self, cells: Cells) -> None:
        """Nothing is counted yet."""
        self.cells = cells
        self._places: dict[tuple[str, tuple[str, ...]], int] = {}

    def place(self, metric: Metric, *labels: str) -> int:
        """Where its numbers are; made when first asked for."""
        key = metric.name, labels
        place = self._places.get(key)
        if place is None:
            size = WIDTH if metric.kind == "histogram" else 1
            place = self._places[key] = self.cells.stretch(metric.name, labels, size, lasting=metric.kind != "gauge")
        return place

    def count(self, metric: Metric, *labels: str, by: int = 1) -> None:
        """So many more."""
        self.cells.values[self.place(metric, *labels)] += by

    def set(self, metric: Metric, *labels: str, to: float) -> None:
        """So much now."""
        self.cells.values[self.place(metric, *labels)] = to
