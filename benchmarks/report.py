"""What a run leaves: results/latest.json for programs, RESULTS.md for people."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.load import CONNECTIONS, Kind, tool
from benchmarks.race import Race
from benchmarks.servers import HONO, POOL_SIZE, node

HERE = Path(__file__).parent
LATEST = HERE / "results" / "latest.json"
RESULTS = HERE / "RESULTS.md"
US, ORM, REFERENCE = "portico", "portico-orm", "fastapi-sqlalchemy"
PACKAGES = (
    *("portico", "fastapi", "starlette", "pydantic", "sqlalchemy", "asyncpg", "uvicorn", "granian", "uvloop"),
    "httptools",
)


@dataclass(slots=True)
class Outcome:
    """Everything a run measured."""

    races: Mapping[Kind, Race]
    peers: Sequence[str]
    settings: dict[str, str]
    hosts: tuple[str, str]
    """What Portico and what the Python peers run under."""
    rounds: int
    seconds: float
    trips: dict[str, dict[str, int]] = field(default_factory=dict)
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def raced(self) -> bool:
        """Whether Portico itself took part."""
        return any(US in race.laps for race in self.races.values())

    def errors(self) -> dict[str, dict[str, int]]:
        """Failed requests; where there are any, the run is not valid."""
        return {kind: race.errors() for kind, race in self.races.items() if race.errors()}


def as_json(outcome: Outcome) -> dict[str, object]:
    """The run as latest.json has it; every ratio is better the higher it is."""
    result: dict[str, object] = {"valid": not outcome.errors()}
    if outcome.raced:
        result |= {
            kind: {peer: round(race.ratio(US, peer), 3) for peer in outcome.peers}
            for kind, race in outcome.races.items()
        }
        result["cpu"] = {
            kind: {peer: _rounded(race.saving(US, peer)) for peer in outcome.peers}
            for kind, race in outcome.races.items()
        }
        result["orm"] = _orm(outcome)
        result["trips"] = outcome.trips.get(US, {})
    rates = {kind: {name: round(race.rate(name), 1) for name in race.laps} for kind, race in outcome.races.items()}
    result |= outcome.extra | {"requests_per_second": rates, "errors": outcome.errors()}
    return result | {"machine": machine(), "versions": versions(outcome), "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%MZ}"}


def _orm(outcome: Outcome) -> dict[str, float]:
    race = outcome.races.get("mutation")
    if race is None or ORM not in race.laps or REFERENCE not in race.laps:
        return {}
    return {REFERENCE: round(race.ratio(ORM, REFERENCE), 3)}


def machine() -> dict[str, object]:
    """Where it ran."""
    facts = {"system": platform.platform(), "processor": platform.processor() or platform.machine()}
    if (cpuinfo := Path("/proc/cpuinfo")).exists():
        names = [line.partition(": ")[2] for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        facts["processor"] = names[0] if names else facts["processor"]
    return {**facts, "cores": os.cpu_count()}


def versions(outcome: Outcome) -> dict[str, str]:
    """What ran."""
    locked = json.loads((HONO / "package.json").read_text())["dependencies"] if "hono-pg" in outcome.peers else {}
    own = {
        "python": platform.python_version(),
        "postgresql": outcome.settings["server_version"],
    }
    if locked:
        own["node"] = subprocess.run([node(), "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return own | {name: version(name) for name in PACKAGES} | locked | {"load": tool()}


def write(outcome: Outcome, *, whole: bool) -> Path:
    """Writes the files; a run of a part never replaces the figures of a whole one."""
    path = LATEST if whole else LATEST.with_name("partial.json")
    path.parent.mkdir(exist_ok=True)
    former = json.loads(path.read_text()) if path.exists() else {}
    parts = {"figures": former["figures"]} if "figures" in former else {}
    path.write_text(json.dumps(as_json(outcome) | parts, indent=2) + "\n")
    if whole:
        RESULTS.write_text(as_markdown(outcome))
    return path


def as_markdown(outcome: Outcome) -> str:
    """The run as a page."""
    facts = ", ".join(f"{key}: {value}" for key, value in machine().items())
    ran = ", ".join(f"{name} {value}" for name, value in versions(outcome).items())
    parts = ["# Results", "", f"Written by `python -m benchmarks` on {datetime.now(UTC):%Y-%m-%d}.", ""]
    if outcome.errors():
        parts += [f"**Not valid: failed requests {json.dumps(outcome.errors())}.**", ""]
    parts += [_how(outcome), ""]
    for kind, race in outcome.races.items():
        parts += [f"## {TITLES[kind]}", "", *_table(race, outcome), ""]
    parts += [*_extras(outcome), "## Machine and versions", "", f"{facts}.", "", f"{ran}.", ""]
    return "\n".join(parts)


def _how(outcome: Outcome) -> str:
    return (
        f"{CONNECTIONS} connections, one process a server, {POOL_SIZE} database connections each, {outcome.rounds} "
        f"interleaved rounds of {outcome.seconds:g} s, load by {tool()}. Portico runs by `portico serve --server "
        f"{outcome.hosts[0]}`, the FastAPI peers under {outcome.hosts[1]} with uvloop. fsync, "
        "synchronous_commit and full_page_writes are on. A ratio is the median, over the rounds, of Portico's "
        "throughput over the peer's; the CPU ratio is how many times Portico's CPU seconds for 1,000 requests the peer "
        "spends. What each server does is in [the explanation](../docs/explanation/benchmarks.md)."
    )


TITLES: dict[Kind, str] = {
    "mutation": "The full-chain mutation",
    "list": "The keyset list",
    "empty": "The empty action",
}


def _table(race: Race, outcome: Outcome) -> list[str]:
    lines = ["| server | req/s | p50 ms | p99 ms | CPU s / 1,000 | throughput ratio | CPU ratio |"]
    lines.append("|---|--:|--:|--:|--:|--:|--:|")
    for name in race.laps:
        figures = [f"{race.rate(name):,.0f}", f"{race.percentile(name):.1f}", f"{race.percentile(name, p99=True):.1f}"]
        figures.append(_text(race.cpu(name), "{:.3f}"))
        if US in race.laps and name != US:
            figures += [f"{race.ratio(US, name):.2f}", _text(race.saving(US, name), "{:.2f}")]
        else:
            figures += ["", ""]
        lines.append(f"| {name} | " + " | ".join(figures) + " |")
    return lines


EXTRAS = {
    "memory_growth_mb": "MiB by which Portico's warm server grows over 50,000 requests",
    "start_s": "Seconds from the start of Portico's server to its first answer, on an existing database",
}


def _extras(outcome: Outcome) -> list[str]:
    lines: list[str] = []
    if outcome.trips:
        lines += ["## Round trips to PostgreSQL", "", "Counted on the wire."]
        lines += ["", "| server | mutation | list |", "|---|--:|--:|"]
        for name, trips in outcome.trips.items():
            note = " besides the handler's statement" if name == US else ""
            lines.append(f"| {name}{note} | {trips['mutation']} | {trips['query']} |")
        lines.append("")
    if ratio := _orm(outcome).get(REFERENCE):
        lines += [f"With its handler on `ctx.orm`, Portico books {ratio:.2f} times as fast as {REFERENCE}.", ""]
    for key, meaning in EXTRAS.items():
        if key in outcome.extra:
            lines += [f"{meaning}: {outcome.extra[key]}.", ""]
    return lines


def _text(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
