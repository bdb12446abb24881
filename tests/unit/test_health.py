"""What checks come to, and how it is told."""

from datetime import UTC, datetime
from typing import Any

import pytest

from portico import Finding, HealthCheck, Misconfigured
from portico.adapters.memory.clock import SettableClock
from portico.core.checkup import Checkup
from portico.core.health import Checked, Probe, Report, Status, distinct, worst
from portico.transports.health import as_standard, as_told

AT = datetime(2026, 1, 2, tzinfo=UTC)
STATUSES: tuple[Status, ...] = ("healthy", "degraded", "unhealthy", "unused")


async def look() -> None:
    """Find nothing."""


def checked(*statuses: Status) -> tuple[Checked, ...]:
    """Checks with these outcomes, each with something to hide."""
    return tuple(Checked(f"c{n}", Finding(status, {"host": "db.internal"}), 1.5) for n, status in enumerate(statuses))


def report(*statuses: Status) -> Report:
    """All of them at one moment."""
    checks = checked(*statuses)
    return Report(worst(checks), "7.1", AT, checks)


@pytest.mark.parametrize(
    ("found", "whole"),
    [
        ((), "healthy"),
        (("unused",), "healthy"),
        (("healthy", "unused"), "healthy"),
        (("healthy", "degraded"), "degraded"),
        (("degraded", "unhealthy", "healthy"), "unhealthy"),
    ],
)
def test_the_whole_is_as_well_as_its_worst_part(found: tuple[Status, ...], whole: Status) -> None:
    """And what is not used makes nothing worse."""
    assert worst(checked(*found)) == whole


def test_anybody_is_told_how_each_part_is() -> None:
    """Status and time, nothing that was found."""
    told: Any = as_told(report("healthy", "degraded"), full=False)

    assert told == {
        "status": "degraded",
        "version": "7.1",
        "checked_at": AT,
        "checks": {
            "c0": {"status": "healthy", "latency_ms": 1.5},
            "c1": {"status": "degraded", "latency_ms": 1.5},
        },
    }


def test_an_operator_is_told_what_was_found() -> None:
    """The detail stands beside status and time."""
    told: Any = as_told(report("unhealthy"), full=True)

    assert told["checks"]["c0"] == {"status": "unhealthy", "latency_ms": 1.5, "host": "db.internal"}


def test_the_draft_has_words_of_its_own() -> None:
    """pass, warn and fail; what is not used is left out, and what was found is never told."""
    told: Any = as_standard(report(*STATUSES))

    statuses = {name: entries[0]["status"] for name, entries in told["checks"].items()}
    assert told["status"] == "fail"
    assert statuses == {"c0:responseTime": "pass", "c1:responseTime": "warn", "c2:responseTime": "fail"}
    assert "internal" not in str(told)


@pytest.mark.parametrize("name", ["", "My Disk", "disk-1", "Disk"])
def test_a_check_is_called_by_a_word(name: str) -> None:
    """A name that would not read as one is refused, with what to write."""
    with pytest.raises(Misconfigured, match="write a lower-case word"):
        HealthCheck(name, look)


def test_a_check_has_some_time() -> None:
    """None at all is refused."""
    with pytest.raises(Misconfigured, match="seconds above 0"):
        HealthCheck("disk", look, timeout=0)


@pytest.mark.parametrize("names", [("disk", "disk"), ("database",), ("actions", "disk")])
def test_two_checks_of_one_name_are_refused(names: tuple[str, ...]) -> None:
    """Built-in names are taken too: one would hide the other."""
    with pytest.raises(Misconfigured, match="there is a check of that name already"):
        distinct([HealthCheck(name, look) for name in names])


def test_distinct_checks_stand_as_they_were_written() -> None:
    """In their order."""
    checks = [HealthCheck(name, look) for name in ("disk", "inbox")]

    assert distinct(checks) == tuple(checks)


async def found_something() -> Finding:
    """Find that it is full."""
    return Finding("degraded", {"free": 0})


@pytest.mark.anyio
@pytest.mark.parametrize(("probe", "status"), [(look, "healthy"), (found_something, "degraded")])
async def test_a_check_says_what_it_finds(probe: Probe, status: Status) -> None:
    """Nothing is well; a finding is told as it is."""
    checkup = Checkup([HealthCheck("disk", probe)], version="7.1", clock=SettableClock(AT))

    found = await checkup.report()

    assert (found.status, found.version, found.at) == (status, "7.1", AT)
    assert found.checks[0].finding.detail == ({"free": 0} if status == "degraded" else {})
