"""What `ctx.db` and `ctx.orm` do on the call's own transaction."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from pydantic import BaseModel
from sqlalchemy import bindparam, delete, insert, select, update

from portico import Misconfigured, NotFound, OrgContext
from portico.testing import Harness
from tests.integration.office.papers import GET, INSERT, NewPaper, Paper
from tests.integration.office.people import Office, code
from tests.integration.office.tables import papers

pytestmark = pytest.mark.anyio


class Kinds(BaseModel):
    """A value of every kind."""

    number: int
    text: str
    amount: Decimal
    at: datetime
    day: date
    id: UUID
    many: list[int]
    json_value: dict[str, Any]
    nothing: str | None


VALUES: dict[str, Any] = {
    "number": 7,
    "text": "Zoë's :name",
    "amount": Decimal("1.50"),
    "at": datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
    "day": date(2026, 1, 2),
    "id": UUID(int=7),
    "many": [1, 2],
    "json_value": {"a": [1, None, "ä"]},
    "nothing": None,
}
ALL_KINDS = """
    select :number::int as number, :text::text as text, :amount::numeric as amount, :at::timestamptz as at,
           :day::date as day, :id::uuid as id, :many::int[] as many,
           :json_value::jsonb as json_value, :nothing::text as nothing
"""


async def test_every_kind_of_value_comes_back_as_it_went(portico: Harness, alpha: Office) -> None:
    """By name, from keywords or from a model."""
    async with portico.context(OrgContext, user=alpha.member, org=alpha.org.id) as ctx:
        by_name = await ctx.db.one(ALL_KINDS, Kinds, **VALUES)
        from_model = await ctx.db.one(ALL_KINDS, Kinds, by_name)

    assert by_name == from_model == Kinds(**VALUES)


async def test_one_is_one_maybe_is_none_all_is_every(portico: Harness, alpha: Office) -> None:
    """NotFound where there is no row; anything but a model is read from the first column."""
    async with portico.context(OrgContext, user=alpha.member, org=alpha.org.id) as ctx:
        made = await ctx.db.one(INSERT, Paper, NewPaper(title="One", pages=3), pages=4)
        found = await ctx.db.one(GET, Paper, id=made.id)
        missing = await ctx.db.maybe(GET, Paper, id=UUID(int=1))
        numbers = await ctx.db.all("select n, 'x' from generate_series(1, 3) n", int)
        with pytest.raises(NotFound):
            await ctx.db.one(GET, Paper, id=UUID(int=1))

    assert (made.pages, found, missing, numbers) == (4, made, None, [1, 2, 3])


async def test_execute_says_how_many_rows_were_touched(portico: Harness, alpha: Office) -> None:
    """Of whatever statement; one that touches none says nothing."""
    async with portico.context(OrgContext, user=alpha.member, org=alpha.org.id) as ctx:
        made = await ctx.db.execute("insert into papers (title) select 'p' || n from generate_series(1, 5) n")
        changed = await ctx.db.execute(
            update(papers).where(papers.c.title == bindparam("which")).values(pages=9), which="p1"
        )
        removed = await ctx.db.execute(delete(papers).where(papers.c.pages != 9))
        set_up = await ctx.db.execute("set local work_mem = '8MB'")

    assert (made, changed, removed, set_up) == (5, 1, 4, 0)


async def test_a_stream_reads_through_a_cursor(portico: Harness, alpha: Office) -> None:
    """More than fit in one fetch; two beside each other; left in the middle."""
    async with portico.context(OrgContext, user=alpha.member, org=alpha.org.id) as ctx:
        await ctx.db.execute("insert into papers (title) select 'p' || n from generate_series(1, 1201) n")
        titles = {paper.title async for paper in ctx.db.stream(select(papers), Paper)}
        pairs = 0
        async for _ in ctx.db.stream("select n from generate_series(1, 3) n", int):
            pairs += sum([1 async for _ in ctx.db.stream("select n from generate_series(1, :n) n", int, n=2)])
        async for number in ctx.db.stream("select n from generate_series(1, 1000) n", int):
            if number == 3:
                break
        after = await ctx.db.one("select 1", int)

    assert (len(titles), pairs, after) == (1201, 6, 1)


async def test_the_orm_and_the_statements_see_one_transaction(portico: Harness, alpha: Office) -> None:
    """What one writes the other reads; the session's own commit is refused."""
    async with portico.context(OrgContext, user=alpha.member, org=alpha.org.id) as ctx:
        await ctx.orm.execute(insert(papers).values(title="by the ORM"))
        count = await ctx.db.one("select count(*) from papers", int)
        assert ctx.orm is ctx.orm

    assert count == 1
    assert (await alpha.wire(alpha.member).post("/api/v1/orm", {"title": "One"})).json == {"data": 1}
    assert await alpha.titles() == ["One"]


async def test_what_the_orm_has_left_is_written_at_the_end(alpha: Office) -> None:
    """Before COMMIT, with the audit row; a constraint that it violates means what it always means."""
    client = alpha.wire(alpha.member)

    done = await client.post("/api/v1/orm-unflushed", {"title": "One"})
    twice = await client.post("/api/v1/orm-unflushed", {"title": "One"})

    assert (done.status, code(twice)) == (200, (409, "BIZ_DUPLICATE_ENTRY"))
    assert await alpha.titles() == ["One"]
    assert [outcome for _, outcome, _ in await alpha.audit()] == ["done", "failed"]


async def test_the_orm_alone_begins_no_transaction(portico: Harness, caplog: pytest.LogCaptureFixture) -> None:
    """In a public action nothing has begun one: the log says what to write."""
    assert code(await portico.client().get("/api/v1/orm-alone")) == (500, "INTERNAL_ERROR")
    assert "run a statement of ctx.db first" in caplog.text


async def test_a_handler_does_all_of_it_over_the_wire(alpha: Office) -> None:
    """In one transaction, committed at its end."""
    reply = await alpha.wire(alpha.member).post("/api/v1/data", {"many": 700})

    assert reply.json["data"] == {"one": 700, "streamed": 700, "listed": 700}
    assert len(await alpha.titles()) == 700


async def test_nobody_s_statements_see_no_organization(portico: Harness, alpha: Office) -> None:
    """A public action reads tenant tables as empty, and streams in a transaction of its own."""
    await alpha.file(alpha.member, "One")

    touching = await portico.client().get("/api/v1/touching")
    streaming = await portico.client().get("/api/v1/streaming")

    assert touching.json == {"data": 0}
    assert streaming.json == {"data": sum(range(1201))}


async def test_an_application_s_statements_outside_of_a_call_see_nothing_either(
    portico: Harness, alpha: Office
) -> None:
    """Each is a transaction of its own, in no organization."""
    await alpha.file(alpha.member, "One")
    db = portico.app.running.database.db

    assert await db.one("select count(*) from papers", int) == 0
    assert [n async for n in db.stream("select n from generate_series(1, 3) n", int)] == [1, 2, 3]
    assert await db.execute("update papers set pages = 1") == 0
    await portico.app.running.database.ping()


async def test_a_missing_value_is_a_mistake_of_the_program(portico: Harness, alpha: Office) -> None:
    """Named, with the beginning of the statement."""
    async with portico.context(OrgContext, user=alpha.member, org=alpha.org.id) as ctx:
        with pytest.raises(Misconfigured, match=r"wants :id, which was not given"):
            await ctx.db.one(GET, Paper)


async def half_done(ctx: OrgContext) -> None:
    """Fails in a part of a part."""
    async with ctx.transaction():
        await ctx.db.execute("insert into papers (title) values ('undone')")
        async with ctx.transaction():
            await ctx.db.execute("insert into papers (title, pages) values ('wrong', -1)")


async def test_a_savepoint_undoes_what_fails_inside(portico: Harness, alpha: Office) -> None:
    """Also nested; what came before stays."""
    async with portico.context(OrgContext, user=alpha.member, org=alpha.org.id) as ctx:
        await ctx.db.execute("insert into papers (title) values ('kept')")
        with pytest.raises(asyncpg.CheckViolationError):
            await half_done(ctx)
        titles = await ctx.db.all("select title from papers", str)

    assert titles == ["kept"]


async def test_a_handler_cannot_change_its_organization(portico: Harness, alpha: Office, beta: Office) -> None:
    """The settings that row level security reads are out of its hands."""
    await beta.file(beta.member, "Theirs")
    async with portico.context(OrgContext, user=alpha.member, org=alpha.org.id) as ctx:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ctx.db.one("select set_config('app.org', :org, true)", str, org=str(beta.org.id))

    assert code(await alpha.wire(alpha.member).get("/api/v1/papers/018f0000-0000-7000-8000-000000000001"))[0] == 404
