"""A database is emptied alike, whether the tests are its server's superuser or only the owner of the tables."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from portico.adapters.postgres.servers import Urls
from portico.testing import Harness
from portico.testing.emptying import LARGE
from tests.integration.office.people import Office, open_office

pytestmark = pytest.mark.anyio
ELSEWHERE = """
create schema elsewhere;
create table elsewhere.copies (
  number int generated always as identity,
  org_id uuid not null,
  paper_id uuid not null,
  foreign key (org_id, paper_id) references public.papers (org_id, id)
)
"""
COPY = "insert into elsewhere.copies (org_id, paper_id) select org_id, id from papers returning number"
MANY = f"insert into forms (number) select n || repeat('x', 1000) from generate_series(0, {LARGE} / 1000) n"
TABLES = """
select format('%I.%I', schemaname, tablename) from pg_tables
 where schemaname in ('portico', 'public', 'elsewhere')
   and tablename not in ('proof_key', 'alembic_version', 'portico_version')
"""


def plain(urls: Urls) -> Urls:
    """The addresses of a database on somebody's server."""
    return Urls(urls.app, urls.owner, urls.worker, urls.reader)


@pytest.fixture(params=[replace, plain], ids=["superuser", "owner"])
async def harness(request: pytest.FixtureRequest, portico: Harness) -> AsyncIterator[Harness]:
    """The office, and a table of a schema that is not Portico's to empty, but refers to one that is."""
    way: Callable[[Urls], Urls] = request.param
    portico.urls = way(portico.urls)
    await portico.rows(ELSEWHERE.split(";", maxsplit=1)[0])
    await portico.rows(ELSEWHERE.split(";")[1])
    yield portico
    await portico.rows("drop schema elsewhere cascade")


async def used(harness: Harness) -> list[int]:
    """Use the database, the audit among it; the numbers of what was counted."""
    office: Office = await open_office(harness, "Alpha")
    await office.file(office.member, "One")
    copied = await harness.rows(COPY)
    audited = await harness.rows("select min(id) from portico.audit")
    return [copied[0][0], audited[0][0]]


async def rows_of(harness: Harness) -> dict[str, int]:
    """Tables that have rows, and how many."""
    names = [row[0] for row in await harness.rows(TABLES)]
    counted = {name: (await harness.rows(f"select count(*) from {name}"))[0][0] for name in names}
    return {name: rows for name, rows in counted.items() if rows}


async def test_every_row_goes_and_numbers_begin_anew(harness: Harness) -> None:
    """Those of the audit, which nobody else can delete, and those that refer to one that goes."""
    first = await used(harness)
    before = await rows_of(harness)

    await harness.empty()

    assert {"portico.audit", "portico.users", "public.papers", "elsewhere.copies"} <= set(before)
    assert await rows_of(harness) == {}
    assert await used(harness) == first == [1, 1]


async def test_a_table_that_has_grown_begins_anew(harness: Harness) -> None:
    """No later test reads through what is left of its rows; numbers begin anew all the same."""
    await used(harness)
    await harness.rows(MANY)

    await harness.empty()

    assert await rows_of(harness) == {}
    assert (await harness.rows("select pg_relation_size('forms')"))[0][0] == 0
    assert await used(harness) == [1, 1]
