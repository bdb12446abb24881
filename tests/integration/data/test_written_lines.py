"""Rows that PostgreSQL writes as lines: the same as the model would."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, TypeAdapter
from sqlalchemy import bindparam, select

from portico import App, Db, Misconfigured, OrgContext
from portico.adapters.postgres.servers import Urls
from portico.app.running import open_application
from portico.ports.streams import FORMULA, Lines, Rows
from portico.testing import Harness
from portico.testing.harness import settings_for
from portico.transports.spelling import Csv, Format, Ndjson
from tests.integration.office.people import Office
from tests.integration.office.tables import papers

pytestmark = pytest.mark.anyio
ALL = select(papers).where(papers.c.pages >= bindparam("least")).order_by(papers.c.title)
HARD = ['"', "\\", "\t tab", "\n", "\u2028", "\x01", "\U0001f600", "a\r\nb", "", *FORMULA, *(f"x{s}" for s in FORMULA)]
FILE = "insert into papers (org_id, title, body, created_by) values ($1, $2, $3, $4)"
ODD = "update papers set created_at = date_trunc('second', created_at) + length(body) % 3 * interval '120 milliseconds'"
"""Moments with and without a fraction of a second, whose last digits are zeros."""


class Paper(BaseModel):
    """What the database can write."""

    id: UUID
    title: str
    body: str
    pages: int
    created_by: UUID | None
    created_at: AwareDatetime


class Shouted(BaseModel):
    """What it cannot."""

    title: Annotated[str, BeforeValidator(str.upper)]


class Long(BaseModel):
    """A row of any length."""

    body: Annotated[str, Field(min_length=0)]


@pytest.fixture
async def hard(alpha: Office) -> Office:
    """An office whose papers are hard to write."""
    for number, text in enumerate(HARD):
        await alpha.harness.rows(FILE, alpha.org.id, f"{number:02} {text}"[:40], text, alpha.member.id)
    await alpha.harness.rows(FILE, alpha.org.id, "nobody's", "", None)
    await alpha.harness.rows(ODD)
    return alpha


def formats(row: Any) -> list[Format]:
    """Both of them."""
    adapter = TypeAdapter(row)
    return [Ndjson(adapter), Csv(row, adapter, bom=False)]


async def collected(lines: AsyncGenerator[Lines, None]) -> tuple[bytes, int]:
    """All of it, and how many rows it says it is."""
    found = [some async for some in lines]
    return b"".join(some.text for some in found), sum(some.rows for some in found)


async def test_every_text_is_written_alike(hard: Office) -> None:
    """NDJSON and CSV, byte by byte; none is none in both."""
    async with hard.harness.context(OrgContext, user=hard.member, org=hard.org.id) as ctx:
        rows = await ctx.db.all(ALL, Paper, least=0)
        for form in formats(Paper):
            written = ctx.db.stream(ALL, Paper, least=0).written
            assert written is not None

            text, count = await collected(written(form.spelling))

            end = b"}\n" if form.name == "ndjson" else b'Z"\r\n'
            assert [*text.split(end)] == b"".join(map(form.line, rows)).split(end)
            assert count == len(HARD) + 1


async def test_what_a_model_changes_it_writes_itself(hard: Office) -> None:
    """Validators, and SQL as text, of which nobody knows the columns."""
    async with hard.harness.context(OrgContext, user=hard.member, org=hard.org.id) as ctx:
        changed = ctx.db.stream(select(papers.c.title), Shouted)
        raw = ctx.db.stream("select title from papers", str)

        assert (changed.written, raw.written) == (None, None)
        assert [row.title async for row in changed] == [t.upper() async for t in ctx.db.stream(TITLES, str)]
        await raw.aclose()


async def test_long_rows_come_fewer_at_a_time(alpha: Office) -> None:
    """Memory holds about as many bytes at once, whatever a row is; none is lost on the way."""
    for number in range(150):
        await alpha.harness.rows(FILE, alpha.org.id, f"{number:03}", "x" * 20_000, None)
    async with alpha.harness.context(OrgContext, user=alpha.member, org=alpha.org.id) as ctx:
        pieces = [some.rows async for some in lines_of(ctx.db)]

    assert (pieces[0], max(pieces[1:]), sum(pieces)) == (64, 4, 150)


def lines_of(db: Db) -> AsyncGenerator[Lines, None]:
    """The bodies, as lines."""
    rows: Rows[Long] = db.stream(select(papers.c.body).order_by(papers.c.title), Long)
    if rows.written is None:
        raise AssertionError
    return rows.written("json")


TITLES = "select title from papers order by id"


async def test_a_client_is_not_waited_for_longer_than_its_transaction_lives(
    portico: Harness, portico_app: App, portico_databases: Any
) -> None:
    """The start is refused, with both settings named."""
    urls: Urls = await portico_databases.of(portico_app)
    settings = settings_for(urls).model_copy(update={"portico_export_stall": 15.0})

    with pytest.raises(Misconfigured, match="PORTICO_EXPORT_STALL must be less than DATABASE_IDLE_TIMEOUT"):
        async with open_application(portico.app, settings):
            pass
