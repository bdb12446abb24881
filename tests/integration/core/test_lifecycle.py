"""The life of a call is the list that the docs draw."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import pytest

from portico import App
from portico.core.lifecycle import LIFE
from portico.testing import Harness, open_harness
from tests.integration.office.people import open_office

pytestmark = pytest.mark.anyio
STEPS = [step.function for step in LIFE]


@contextmanager
def traced(steps: Sequence[str] = STEPS) -> Iterator[list[str]]:
    """The steps that are entered while the block runs, each once, in the order of their first entry."""
    entered: list[str] = []

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and "portico" in frame.f_code.co_filename:
            name = frame.f_code.co_qualname
            for step in (name, name.rpartition(".")[2]):
                if step in steps and step not in entered:
                    entered.append(step)

    sys.setprofile(note)
    try:
        yield entered
    finally:
        sys.setprofile(None)


async def test_a_mutation_takes_every_step_in_the_order_of_the_list(portico: Harness, portico_app: App) -> None:
    """None is left out, none comes early."""
    async with open_harness(portico_app, portico.urls, portico_access_log=True) as harness:
        office = await open_office(harness, "Alpha")
        client = office.wire(office.member)

        with traced() as entered:
            reply = await client.post("/api/v1/papers", {"title": "One"}, headers={"Idempotency-Key": "k1"})

    assert reply.status == 201
    assert entered == STEPS


async def test_a_query_takes_the_same_steps(portico: Harness) -> None:
    """But for what it does not write."""
    office = await open_office(portico, "Alpha")
    client = office.wire(office.member)
    paper = await office.file(office.member, "One")

    with traced() as entered:
        assert (await client.get(f"/api/v1/papers/{paper}")).status == 200

    assert entered == [step for step in STEPS if step not in {"drop", "announce", "write_access"}]


@pytest.mark.parametrize(
    ("method", "path", "token", "last"),
    [
        ("GET", "/api/v1/nowhere", "good", "Router.find"),
        ("DELETE", "/api/v1/papers", "good", "Router.find"),
        ("GET", "/api/v1/papers", None, "arrive"),
        ("GET", "/api/v1/papers", "junk", "let_in"),
        ("GET", "/api/v1/papers?limit=x", "good", "decide_all"),
        ("GET", "/api/v1/papers/018f0000-0000-7000-8000-000000000001", "good", "perform"),
    ],
)
async def test_a_refusal_ends_the_call_where_it_is_made(
    portico: Harness, method: str, path: str, *, token: str | None, last: str
) -> None:
    """Nothing behind it runs but the answer."""
    office = await open_office(portico, "Alpha")
    given = office.harness.token(office.member) if token == "good" else token
    headers = {"authorization": f"Bearer {given}", "x-org-id": str(office.org.id)} if given else {}

    with traced() as entered:
        await portico.client().send(method, path, headers=headers)

    assert entered[-2:] == [last, "send_answer"]


async def test_a_public_action_that_asks_nothing_takes_no_connection(portico: Harness) -> None:
    """Until it touches the database."""
    with traced() as quiet:
        untouched = await portico.client().get("/api/v1/untouched")
    await portico.app.running.database.close()
    gone = await portico.client().get("/api/v1/untouched")
    touching = await portico.client().get("/api/v1/touching")

    assert untouched.json == gone.json == {"data": "quiet"}
    assert "PostgresTransaction.gate" not in quiet
    assert touching.status == 503


async def test_every_step_says_what_it_does() -> None:
    """A sentence each, and no name twice."""
    assert len({step.name for step in LIFE}) == len({step.function for step in LIFE}) == len(LIFE)
    assert [step.name for step in LIFE if not step.what.endswith(".")] == []
