"""The figures of single parts: one module a topic, each measured by itself and merged into the results.

A topic has `WANTED`, its figures and the bound of each, and `async def measure(ground: Ground) -> dict[str, float]`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol, cast

from benchmarks.report import LATEST, RESULTS
from portico.adapters.postgres.embedded import Embedded

HEADING = "## Figures of single parts"


class Most(float):
    """At most so much."""

    def holds(self, figure: float) -> bool:
        """Whether the figure keeps the bound."""
        return figure <= self

    def __str__(self) -> str:
        return f"≤ {float(self):g}"


class Least(float):
    """At least so much."""

    def holds(self, figure: float) -> bool:
        """Whether the figure keeps the bound."""
        return figure >= self

    def __str__(self) -> str:
        return f"≥ {float(self):g}"


class Beside(float):
    """No bound: said beside another figure, so that nobody takes that one for more than it says."""

    def holds(self, _figure: float) -> bool:
        """Whatever it is."""
        return True

    def __str__(self) -> str:
        return "told beside"


@dataclass(frozen=True, slots=True)
class Ground:
    """What every topic may use: the PostgreSQL server, a folder for its files, a way to show progress."""

    cluster: Embedded
    folder: Path
    say: Callable[[str], None]


class Topic(Protocol):
    """A module of this folder."""

    WANTED: Mapping[str, Most | Least | Beside]
    measure: Callable[[Ground], Awaitable[Mapping[str, float]]]


def topics() -> dict[str, Topic]:
    """Every topic by its name."""
    names = sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    return {name: cast("Topic", import_module(f"{__name__}.{name}")) for name in names}


async def measure(names: list[str], ground: Ground) -> bool:
    """Measure the topics named and merge their figures into the results; says whether every bound was kept."""
    kept = True
    for name in names:
        topic = topics()[name]
        ground.say(f"\n{name} …")
        figures = await topic.measure(ground)
        if set(figures) != set(topic.WANTED):
            message = f"{name} measured {sorted(figures)}, and wants {sorted(topic.WANTED)}"
            raise ValueError(message)
        for figure, value in figures.items():
            holds = topic.WANTED[figure].holds(value)
            kept = kept and holds
            ground.say(f"  {figure} {value:g} ({topic.WANTED[figure]}){'' if holds else '  NOT KEPT'}")
        record(figures)
    return kept


def record(figures: Mapping[str, float]) -> None:
    """Merge figures into latest.json, and into the page."""
    latest = json.loads(LATEST.read_text()) if LATEST.exists() else {}
    known: dict[str, float] = latest.setdefault("figures", {})
    known.update({name: round(value, 3) for name, value in figures.items()})
    LATEST.write_text(json.dumps(latest, indent=2) + "\n")
    wanted = {name: bound for topic in topics().values() for name, bound in topic.WANTED.items()}
    rows = [f"| {name} | {value:g} | {wanted[name]} |" for name, value in sorted(known.items()) if name in wanted]
    page = RESULTS.read_text().partition(HEADING)[0].rstrip() if RESULTS.exists() else "# Results"
    table = ["| figure | measured | wanted |", "|---|--:|--:|", *rows]
    RESULTS.write_text("\n".join([page, "", HEADING, "", "By `python -m benchmarks.figures`.", "", *table, ""]))
