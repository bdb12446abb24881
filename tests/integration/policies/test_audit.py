"""Audit: who did what, in the same transaction; what was refused, in one of its own."""

import pytest

from portico.errors import Forbidden
from portico.testing import Harness
from tests.integration.office.nested import orm_unflushed
from tests.integration.office.people import Office

pytestmark = pytest.mark.anyio


async def test_a_done_call_is_on_record(portico: Harness, alpha: Office) -> None:
    """Who, where, what, from which address and program, under which request id."""
    headers = {"user-agent": "Test/1", "x-request-id": "my-request-1"}
    reply = await alpha.wire(alpha.member, ip="192.0.2.7").post("/api/v1/papers", {"title": "One"}, headers=headers)

    rows = await portico.rows(
        "select org_id, user_id, action, target, outcome, metadata::text, ip, user_agent, request_id from portico.audit"
    )

    assert [tuple(row) for row in rows] == [
        (
            alpha.org.id,
            alpha.member.id,
            "paper.filed",
            reply.json["data"]["id"],
            "done",
            "{}",
            "192.0.2.7",
            "Test/1",
            "my-request-1",
        )
    ]
    assert reply.headers["x-request-id"] == "my-request-1"


async def test_no_program_fills_the_audit_with_its_name(portico: Harness, alpha: Office) -> None:
    """The rows stay for good, of what is done and what is denied: a User-Agent is cut where a session's is."""
    headers = {"user-agent": "x" * 100_000}
    await alpha.wire(alpha.member).post("/api/v1/papers", {"title": "One"}, headers=headers)
    await alpha.wire(alpha.guest).post("/api/v1/papers", {"title": "One"}, headers=headers)

    rows = await portico.rows("select outcome, length(user_agent) from portico.audit order by id")

    assert [tuple(row) for row in rows] == [("done", 500), ("denied", 500)]


async def test_a_handler_adds_what_it_knows(portico: Harness, alpha: Office) -> None:
    """`ctx.audit` fills the metadata of the row."""
    paper = await alpha.file(alpha.member, "One")
    body = {"title": "Two", "version": 1}
    await alpha.wire(alpha.member).send("PATCH", f"/api/v1/papers/{paper}", json=body)

    rows = await portico.rows("select metadata->>'title', metadata->>'seen' from portico.audit order by id offset 1")

    assert tuple(rows[0]) == ("Two", "1")


async def test_a_denied_call_is_on_record(portico: Harness, alpha: Office) -> None:
    """With its code, and with what it was about."""
    paper = await alpha.file(alpha.member, "One")

    await alpha.wire(alpha.other).send("DELETE", f"/api/v1/papers/{paper}")

    assert (await alpha.audit())[-1] == ("paper.shredded", "denied", paper)
    row = (await portico.rows("select user_id, metadata->>'code' from portico.audit order by id desc limit 1"))[0]
    assert tuple(row) == (alpha.other.id, "FORBIDDEN")


@pytest.mark.parametrize("spelled", [("a\0b", "a\ufffdb"), ("a\udc80b", "a?b")])
async def test_no_spelling_keeps_a_denied_call_off_the_record(
    portico: Harness, alpha: Office, spelled: tuple[str, str]
) -> None:
    """What it was about may hold characters that no text of PostgreSQL's can; they are replaced."""
    title, target = spelled

    result = await portico.app.as_(alpha.guest, org=alpha.org.id).call(orm_unflushed, title=title)

    assert isinstance(result.error, Forbidden)
    assert await alpha.audit() == [("paper.added", "denied", target)]


async def test_a_denied_call_is_on_record_whatever_its_path_holds(alpha: Office) -> None:
    """Over the wire, too, NUL hides nothing."""
    reply = await alpha.wire(alpha.guest).post("/api/v1/orm-unflushed", {"title": "a\0b"})

    assert reply.status == 403
    assert [row[:2] for row in await alpha.audit()] == [("paper.added", "denied")]


async def test_a_failed_call_is_on_record_though_it_was_rolled_back(alpha: Office) -> None:
    """The refusal has a transaction of its own."""
    await alpha.file(alpha.member, "One")
    await alpha.wire(alpha.member).post("/api/v1/papers", {"title": "One"})

    assert [(event, outcome) for event, outcome, _ in await alpha.audit()] == [
        ("paper.filed", "done"),
        ("paper.filed", "failed"),
    ]


@pytest.mark.parametrize("kind", ["declared", "undeclared", "broken"])
async def test_whatever_a_handler_raises_is_on_record(alpha: Office, kind: str) -> None:
    """A failure of ours, too."""
    await alpha.wire(alpha.member).post("/api/v1/raises", {"kind": kind})

    assert [(event, outcome) for event, outcome, _ in await alpha.audit()] == [("drawer.filled", "failed")]


async def test_everyday_refusals_are_not_on_record(portico: Harness, alpha: Office) -> None:
    """A mistyped form, a missing sign-in."""
    await alpha.wire(alpha.member).post("/api/v1/papers", {"title": ""})
    await portico.client().post("/api/v1/papers", {"title": "One"})

    assert await alpha.audit() == []


async def test_what_is_not_committed_is_not_done(portico: Harness, alpha: Office) -> None:
    """The row of a nested call rolls back with all the rest; the outer call's refusal remains."""
    await alpha.file(alpha.member, "Taken")
    await portico.rows("set portico.retention = 'on'")
    await portico.rows("truncate portico.audit")

    await alpha.wire(alpha.member).post("/api/v1/pairs", {"first": "New", "second": "Taken"})

    assert ("paper.filed", "done") not in [(event, outcome) for event, outcome, _ in await alpha.audit()]
    assert ("pair.filed", "failed", "New") in await alpha.audit()


async def test_the_running_application_cannot_rewrite_history(portico: Harness) -> None:
    """Append-only by rights: nobody but the owner may change or remove a row."""
    rows = await portico.rows(
        """select r, p from unnest(array['portico_app', 'portico_reader']) r,
                  unnest(array['insert', 'update', 'delete', 'truncate']) p
            where has_table_privilege(r, 'portico.audit', p)"""
    )

    assert [tuple(row) for row in rows] == []
