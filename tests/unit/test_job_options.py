"""The options of a job, checked where it is declared."""

from datetime import timedelta
from typing import Any, cast

import pytest

from portico import App, Event, Misconfigured, Module, OrgContext, SystemContext


class Sold(Event, name="ware.sold"):
    """Something was sold."""


async def sweep(ctx: SystemContext) -> None:
    """Sweep the floor."""


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"attempts": 0}, "attempts=0: write a whole number from 1 to 100"),
        ({"attempts": 1.5}, "attempts=1.5: write a whole number from 1 to 100"),
        ({"attempts": "8"}, "attempts='8': write a whole number from 1 to 100"),
        ({"priority": "urgent"}, "priority='urgent': write 'high', 'normal', 'low'"),
        ({"timeout": 5}, r"timeout=5: write a timedelta above zero, such as timedelta\(minutes=5\)"),
        ({"timeout": timedelta(0)}, "write a timedelta above zero"),
        ({"cron": "60 * * * *"}, r"cron='60 \* \* \* \*': write five fields, such as 0 3"),
        ({"cron": "@daily"}, "write five fields"),
        ({"cron": "0 3 * * *", "zone": "Mars/Phobos"}, "zone='Mars/Phobos': write an IANA name"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(options: dict[str, object], words: str) -> None:
    """With the job, where it was written, and what to write."""
    with pytest.raises(Misconfigured, match=rf"hall.sweep \(.*test_job_options.py:\d+\): .*{words}"):
        Module("hall").job(**options)(sweep)  # type: ignore[arg-type]  # the mistake under test


@pytest.mark.parametrize("stray", [str, Sold(), "ware.sold"])
def test_a_handler_names_an_event(stray: object) -> None:
    """Its class, not its name, nor one that has happened."""
    with pytest.raises(Misconfigured, match=r"hall.sweep \(.*\): on\(.*\): name the class of an event"):
        Module("hall").on(stray)(cast("Any", sweep))  # type: ignore[arg-type]  # the mistake under test


def test_a_handler_runs_for_nobody() -> None:
    """No user stands behind an event, whoever emitted it."""

    async def note(ctx: OrgContext, event: Sold) -> None:
        raise NotImplementedError

    hall = Module("hall")
    hall.on(Sold)(note)  # type: ignore[arg-type]  # the mistake under test

    with pytest.raises(Misconfigured, match="what handles an event runs for nobody; write ctx: TenantContext"):
        App("hall", modules=[hall])
