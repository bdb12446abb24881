"""`portico jobs`: what operators see and set right from the command line, as they type it."""

import json
from collections.abc import Iterator
from uuid import UUID

import pytest

from tests.integration.cli.conftest import Held
from tests.integration.cli.programs import Portico
from tests.integration.cli.test_operate import listed, run, sql

DEAD = UUID("00000000-0000-0000-0000-00000000dead")
WAITING = UUID("00000000-0000-0000-0000-00000000a117")
NOBODY = UUID("00000000-0000-0000-0000-000000000000")
ENQUEUE = f"""
insert into portico.jobs (id, name, input, key, state, due_at, attempt, request_id, problem, ended_at) values
  ('{WAITING}', 'shop.restock', '{{"bread": "Zoë''s"}}', 'restock:1', 'waiting', now() + interval '1 hour', 0, 'req-1',
   null, null),
  ('{DEAD}', 'shop.bill', '{{}}', null, 'dead', now(), 5, 'req-2', '{{"code": "SYS_TIMEOUT", "message": "too slow"}}',
   now())
"""


@pytest.fixture
def shop(own_program: Portico, own: Held) -> Iterator[Portico]:
    """The program, with a job that waits and one that was given up."""
    sql(own, ENQUEUE)
    yield own_program
    sql(own, "delete from portico.jobs")


def states(own: Held) -> dict[str, str]:
    """The state of every job, by name."""
    return {row["name"]: row["state"] for row in sql(own, "select name, state from portico.jobs")}


def test_what_was_given_up_is_listed_first(shop: Portico) -> None:
    """With its reason; filters narrow the list."""
    everything = listed(shop, "jobs", "list")
    waiting = listed(shop, "jobs", "list", "--state", "waiting", "--job", "shop.restock")
    table = run(shop, "jobs", "list", "--state", "dead")

    assert [(job["name"], job["problem"]) for job in everything] == [
        ("shop.bill", "SYS_TIMEOUT"),
        ("shop.restock", None),
    ]
    assert [job["id"] for job in waiting] == [str(WAITING)]
    assert str(DEAD) in table
    assert run(shop, "jobs", "list", "--state", "running") == "None.\n"


def test_a_job_is_shown_whole(shop: Portico) -> None:
    """Its input as it is, its reason, the request that it came from; one that is not there is told."""
    dead = json.loads(run(shop, "jobs", "show", str(DEAD)))
    waiting = json.loads(run(shop, "jobs", "show", str(WAITING)))

    assert (dead["problem"]["message"], dead["request_id"]) == ("too slow", "req-2")
    assert (waiting["input"], waiting["key"]) == ({"bread": "Zoë's"}, "restock:1")
    assert f"There is no job {NOBODY}." in run(shop, "jobs", "show", str(NOBODY), fails=True)


def test_what_was_given_up_is_tried_again_and_called_off(shop: Portico, own: Held) -> None:
    """By its id or by its name, with all its attempts; and it is on record."""
    retried = run(shop, "jobs", "retry", "--id", str(DEAD))
    (row,) = sql(own, f"select state, attempt from portico.jobs where id = '{DEAD}'")
    called_off = run(shop, "jobs", "cancel", "--job", "shop.restock")

    assert retried == "1 job will be tried again.\n"
    assert tuple(row) == ("waiting", 0)
    assert called_off == "1 job called off.\n"
    assert states(own) == {"shop.bill": "waiting", "shop.restock": "cancelled"}
    found = sql(own, "select action, target from portico.audit where action like 'job.%' order by id")
    assert [tuple(row) for row in found] == [("job.retried", str(DEAD)), ("job.cancelled", "shop.restock")]


def test_nothing_is_changed_where_nothing_is_found(shop: Portico, own: Held) -> None:
    """What waits cannot be retried, and an id that is none is told; neither is put on record."""
    before = sql(own, "select from portico.audit")

    idle = run(shop, "jobs", "retry", "--id", str(WAITING), fails=True)
    unknown = run(shop, "jobs", "cancel", "--id", str(NOBODY), fails=True)
    misspelled = run(shop, "jobs", "cancel", "--job", "shop.bil", fails=True)

    assert f"Job {WAITING} is waiting: only one that is dead or cancelled can be retried." in " ".join(idle.split())
    assert f"There is no job {NOBODY}." in unknown
    assert "There is no job shop.bil that could be cancelled." in " ".join(misspelled.split())
    assert sql(own, "select from portico.audit") == before


@pytest.mark.parametrize("which", [(), ("--id", str(DEAD), "--job", "shop.bill")])
def test_it_is_said_which_jobs_are_meant(shop: Portico, which: tuple[str, ...]) -> None:
    """One of the two ways, never all jobs there are."""
    assert "Say which: --id ID, or --job NAME" in run(shop, "jobs", "cancel", *which, fails=True)
