"""Settle: several reads at once, none of which takes the others down."""

from uuid import uuid4

import pytest

from portico import App
from portico.adapters.postgres.servers import Urls
from portico.testing import open_harness
from portico.testing.databases import Databases
from tests.integration.office.people import Office, open_office
from tests.integration.office.shelf import READ

pytestmark = pytest.mark.anyio


@pytest.fixture
async def urls(portico_app: App, portico_databases: Databases) -> Urls:
    """The office's database."""
    return await portico_databases.of(portico_app)


async def test_each_part_gives_its_value_or_its_default(alpha: Office, caplog: pytest.LogCaptureFixture) -> None:
    """The failed one's error is told to the handler, and logged under the request's id; what is read once stays so."""
    paper = await alpha.file(alpha.member, "One")
    READ.clear()

    reply = await alpha.wire(alpha.member).get(f"/api/v1/shelf/board?id={paper}", {"x-request-id": "request-1"})

    who = f"{alpha.org.id} {alpha.member.id}"
    assert reply.json["data"] == {
        "papers": 1,
        "org": who,
        "first": "One",
        "errors": [None, None, None, "VALIDATION_ERROR"],
    }
    assert READ == ["how many x1"]
    assert [(record.message, vars(record)["request_id"]) for record in caplog.records] == [
        ("shelf.board: its part broken failed", "request-1")
    ]


async def test_a_part_may_be_an_action_that_refuses(alpha: Office, beta: Office) -> None:
    """Somebody else's paper is none: its default stands there."""
    paper = await beta.file(beta.member, "Theirs")

    data = (await alpha.wire(alpha.member).get(f"/api/v1/shelf/board?id={paper}")).json["data"]

    assert data["first"] is None
    assert data["errors"] == [None, None, "NOT_FOUND", "VALIDATION_ERROR"]


async def test_parts_run_on_several_connections(alpha: Office) -> None:
    """As many at once as it says."""
    pids = (await alpha.wire(alpha.member).get("/api/v1/shelf/slow-board")).json["data"]

    assert len(pids) == 6
    assert 2 <= len(set(pids)) <= 3


async def test_four_parts_run_at_once(alpha: Office) -> None:
    """Unless it is said otherwise: the connections belong to all callers."""
    pids = (await alpha.wire(alpha.member).get("/api/v1/shelf/wide-board")).json["data"]

    assert len(pids) == 12
    assert 2 <= len(set(pids)) <= 4


async def test_what_a_part_notes_is_the_call_s_once_it_has_come_to_its_end(alpha: Office) -> None:
    """Of one that fails nothing is left."""
    reply = await alpha.wire(alpha.member).post("/api/v1/shelf/looks")

    assert reply.status == 200, reply.text
    assert [vars(event) for event in await alpha.harness.emitted()] == [{"how": "well"}]


async def test_what_is_read_beside_a_mutation_is_not_taken_for_what_it_sees(alpha: Office) -> None:
    """Its own writes are not committed: others do not see them."""
    reply = await alpha.wire(alpha.member).post("/api/v1/shelf/half-seen", {"title": "One"})

    assert reply.json["data"] == [0, 1]


@pytest.mark.parametrize("size", [1, 2])
async def test_no_part_waits_for_a_connection(portico_app: App, urls: Urls, size: int) -> None:
    """With one connection in all, the parts run on it one after another; a failed one leaves it whole."""
    async with open_harness(portico_app, urls, database_connections=size, database_wait=0.5) as harness:
        await harness.empty()
        office = await open_office(harness, "Alpha")
        wire = office.wire(office.member)

        pids = (await wire.get("/api/v1/shelf/slow-board")).json["data"]
        board = (await wire.get(f"/api/v1/shelf/board?id={uuid4()}")).json["data"]

    assert len(set(pids)) <= size
    assert board["errors"] == [None, None, "NOT_FOUND", "VALIDATION_ERROR"]


@pytest.mark.parametrize("parts", [1, 3])
async def test_parts_read_alone(alpha: Office, caplog: pytest.LogCaptureFixture, parts: int) -> None:
    """One that writes is refused by the database, on the call's own connection, too; the call commits."""
    reply = await alpha.wire(alpha.member).post("/api/v1/shelf/board", {"title": "One", "parts": parts})

    assert reply.json["data"] == ["EXTERNAL_SERVICE_ERROR"] * parts
    assert await alpha.titles() == ["One"]
    assert "cannot execute UPDATE in a read-only transaction" in caplog.text
