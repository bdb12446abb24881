"""Loaders: read once, and read together."""

from uuid import uuid4

import pytest

from portico import Misconfigured, batch_loader
from tests.integration.office.people import Office, code
from tests.integration.office.shelf import READ

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def read() -> list[str]:
    """What the loaders were asked; nothing yet."""
    READ.clear()
    return READ


async def test_a_loader_runs_once_per_request(alpha: Office, read: list[str]) -> None:
    """Whoever calls: at once, in an action within the action, with the argument written or left out."""
    await alpha.file(alpha.member, "One")

    reply = await alpha.wire(alpha.member).get("/api/v1/shelf/counts")

    assert reply.json["data"] == [1, 1, 1, 1, 10]
    assert read == ["how many x1", "how many x10"]


async def test_nothing_is_kept_for_another_request(alpha: Office, beta: Office, read: list[str]) -> None:
    """Be it somebody else's, another organization's, or the same again."""
    await alpha.file(alpha.member, "One")

    told = [
        (await office.wire(office.member).get("/api/v1/shelf/count")).json["data"] for office in (alpha, beta, alpha)
    ]

    assert told == [1, 0, 1]
    assert len(read) == 3


async def test_what_was_read_can_be_forgotten(alpha: Office) -> None:
    """By whoever has changed it."""
    reply = await alpha.wire(alpha.member).post("/api/v1/shelf/counted", {"title": "One"})

    assert reply.json["data"] == [0, 0, 1]


async def test_what_a_savepoint_has_undone_is_read_anew(alpha: Office) -> None:
    """It was never there."""
    reply = await alpha.wire(alpha.member).post("/api/v1/shelf/undone", {"title": "One"})

    assert reply.json["data"] == [1, 0]


async def test_a_batch_is_of_a_hundred(alpha: Office, read: list[str]) -> None:
    """Unless it is said otherwise."""
    reply = await alpha.wire(alpha.member).get("/api/v1/shelf/lengths?most=101")

    assert reply.json["data"] == 101
    assert read == ["100 words", "1 words"]


async def test_an_error_is_told_again(alpha: Office, read: list[str]) -> None:
    """To whoever asked meanwhile, and later; the function has run once."""
    reply = await alpha.wire(alpha.member).get("/api/v1/shelf/refused")

    assert reply.json["data"] == ["Conflict", "Conflict"]
    assert read == ["refused"]


async def test_a_loader_that_asks_itself_is_refused(alpha: Office, caplog: pytest.LogCaptureFixture) -> None:
    """It would wait for ever; the log says which one."""
    reply = await alpha.wire(alpha.member).get("/api/v1/shelf/circular")

    assert reply.status == 500
    assert "circular asks for what it is working out itself" in caplog.text


async def test_a_batch_loader_asks_once_for_many(alpha: Office, read: list[str]) -> None:
    """Each key once, in the order asked; at most as many at a time as it says; None for what is not there."""
    one, two, three = [await alpha.file(alpha.member, title) for title in ("One", "Two", "Three")]
    ids = [two, one, str(uuid4()), two, three]

    reply = await alpha.wire(alpha.member).get("/api/v1/shelf/papers?" + "&".join(f"ids={id}" for id in ids))

    assert reply.json["data"] == ["Two", "One", None, "Two", "Three"]
    assert read == ["3 papers", "1 papers"]


async def test_what_is_not_there_is_not_found(alpha: Office, beta: Office) -> None:
    """Another organization's, too."""
    paper = await alpha.file(alpha.member, "One")

    assert (await alpha.wire(alpha.member).get(f"/api/v1/shelf/papers/{paper}")).json["data"] == "One"
    assert code(await beta.wire(beta.member).get(f"/api/v1/shelf/papers/{paper}")) == (404, "NOT_FOUND")


async def test_who_is_cancelled_leaves_the_others_served(alpha: Office) -> None:
    """The next one who waits takes over."""
    paper = await alpha.file(alpha.member, "One")

    reply = await alpha.wire(alpha.member).get(f"/api/v1/shelf/cancelled?id={paper}")

    assert reply.json["data"] == ["One", "1"]


def test_a_batch_of_nothing_is_refused() -> None:
    """It could never look anything up."""
    with pytest.raises(Misconfigured, match="at least one key"):
        batch_loader(most=0)
