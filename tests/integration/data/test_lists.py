"""Lists over the wire: by cursor, by number, and as one filters them."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from pydantic_core import to_json

from portico import Keyset, Numbered, OrgContext
from portico.testing import Client, Harness
from tests.integration.office.papers import BY_TITLE, NEWEST, Filter, Paper
from tests.integration.office.people import Office, code, fields

pytestmark = pytest.mark.anyio
ID = "018f0000-0000-7000-8000-000000000001"
PAPERS, NUMBERED, NEW = "/api/v1/papers", "/api/v1/papers-numbered", "/api/v1/papers-newest"


async def filled(portico: Harness, office: Office, count: int) -> list[str]:
    """So many papers in the office, named by number; every third has two pages."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for n in range(count):
        await portico.rows(
            "insert into papers (org_id, title, pages, created_at) values ($1, $2, $3, $4)",
            office.org.id,
            f"p{n:03}",
            2 if n % 3 == 0 else 1,
            now + timedelta(seconds=n // 2),
        )
    return [f"p{n:03}" for n in range(count)]


async def walk(client: Client, path: str) -> list[list[str]]:
    """The titles of all pages, one after the other."""
    pages: list[list[str]] = []
    after: str | None = ""
    while after is not None:
        reply = await client.get(f"{path}{'&' if '?' in path else '?'}limit=4{f'&after={after}' if after else ''}")
        pages.append([paper["title"] for paper in reply.json["data"]])
        after = reply.json["meta"]["after"]
    return pages


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 8, 9])
async def test_a_list_is_walked_page_by_page(portico: Harness, alpha: Office, count: int) -> None:
    """Every row once, in order, and no empty page at the end."""
    titles = await filled(portico, alpha, count)

    pages = await walk(alpha.wire(alpha.member), PAPERS)

    assert [title for page in pages for title in page] == titles
    assert len(pages) == max(1, -(-count // 4))


async def test_a_list_may_run_backwards(portico: Harness, alpha: Office) -> None:
    """Two of the same time are told apart by their ids."""
    titles = await filled(portico, alpha, 9)

    pages = await walk(alpha.wire(alpha.member), NEW)

    seen = [title for page in pages for title in page]
    assert sorted(seen) == titles
    assert [int(title[1:]) // 2 for title in seen] == [4, 3, 3, 2, 2, 1, 1, 0, 0]


async def test_a_row_that_comes_in_between_moves_no_page(portico: Harness, alpha: Office) -> None:
    """A cursor says where, not how many."""
    await filled(portico, alpha, 8)
    client = alpha.wire(alpha.member)
    first = (await client.get(f"{PAPERS}?limit=4")).json
    await portico.rows("insert into papers (org_id, title) values ($1, 'a first one')", alpha.org.id)

    second = (await client.get(f"{PAPERS}?limit=4&after={first['meta']['after']}")).json

    assert [paper["title"] for paper in second["data"]] == ["p004", "p005", "p006", "p007"]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00", "yesterday", "a\0b"])
async def test_a_cursor_of_no_moment_is_none_of_ours(
    alpha: Office, caplog: pytest.LogCaptureFixture, moment: str
) -> None:
    """It is the reader's mistake, told by its member, and no failure in the log."""
    made = urlsafe_b64encode(to_json([moment, ID])).decode()

    reply = await alpha.wire(alpha.member).get(f"{NEW}?after={made}")

    assert (reply.status, fields(reply)) == (422, {"after": ["VAL_INVALID_CURSOR"]})
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_text_that_no_row_can_hold_is_the_callers_mistake(
    alpha: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """NUL in a query string, in a body, in a cursor: told by its member, and no failure in the log."""
    client = alpha.wire(alpha.member)
    made = urlsafe_b64encode(to_json(["a\0b", ID])).decode()

    sought = await client.get(f"{PAPERS}?body=%00")
    filed = await client.post(PAPERS, {"title": "a\0b", "body": "x\0"})
    continued = await client.get(f"{PAPERS}?after={made}")

    assert (sought.status, fields(sought)) == (422, {"body": ["VAL_INVALID_FORMAT"]})
    assert fields(filed) == {"title": ["VAL_INVALID_FORMAT"], "body": ["VAL_INVALID_FORMAT"]}
    assert fields(continued) == {"after": ["VAL_INVALID_CURSOR"]}
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_filters_are_part_of_the_query_string(portico: Harness, alpha: Office) -> None:
    """One that is not there filters nothing; the cursor keeps to them."""
    await filled(portico, alpha, 9)
    client = alpha.wire(alpha.member)

    assert await walk(client, f"{PAPERS}?pages=2") == [["p000", "p003", "p006"]]
    assert await walk(client, f"{PAPERS}?pages=7") == [[]]
    assert len(await walk(client, f"{PAPERS}?pages=")) == 3


async def test_a_numbered_list_counts(portico: Harness, alpha: Office) -> None:
    """Page, limit, total and how many pages there are; beyond the last there is nothing."""
    await filled(portico, alpha, 9)
    client = alpha.wire(alpha.member)

    last = (await client.get(f"{NUMBERED}?page=3&limit=4")).json
    beyond = (await client.get(f"{NUMBERED}?page=4&limit=4")).json
    some = (await client.get(f"{NUMBERED}?pages=2")).json

    assert ([p["title"] for p in last["data"]], last["meta"]) == (
        ["p008"],
        {"page": 3, "limit": 4, "total": 9, "total_pages": 3},
    )
    assert (beyond["data"], beyond["meta"]["total"]) == ([], 9)
    assert some["meta"] == {"page": 1, "limit": 20, "total": 3, "total_pages": 1}


async def test_a_larger_page_than_the_largest_is_the_largest(portico: Harness, alpha: Office) -> None:
    """A hundred, for either kind."""
    await filled(portico, alpha, 101)
    client = alpha.wire(alpha.member)

    for path in (PAPERS, NUMBERED):
        reply = (await client.get(f"{path}?limit=5000")).json
        assert (len(reply["data"]), reply["meta"]["limit"]) == (100, 100)


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=x", "limit"),
        ("after=x", "after"),
        ("after=bm9uZSBvZiBvdXJz", "after"),
        (f"after={'x' * 1001}", "after"),
        ("pages=x", "pages"),
    ],
)
async def test_a_wish_that_is_none_is_told_by_its_member(alpha: Office, query: str, where: str) -> None:
    """422, whatever was tampered with."""
    reply = await alpha.wire(alpha.member).get(f"{PAPERS}?{query}")

    assert (code(reply), set(fields(reply))) == ((422, "VALIDATION_ERROR"), {where})


async def test_a_list_holds_one_organization_alone(portico: Harness, alpha: Office, beta: Office) -> None:
    """Its count, too; another's cursor leads to one's own rows."""
    await filled(portico, alpha, 9)
    await filled(portico, beta, 2)
    foreign = (await alpha.wire(alpha.member).get(f"{PAPERS}?limit=1")).json["meta"]["after"]

    mine = beta.wire(beta.member)

    assert (await mine.get(NUMBERED)).json["meta"]["total"] == 2
    rest = (await mine.get(f"{PAPERS}?after={foreign}")).json["data"]
    own = {str(row[0]) for row in await portico.rows("select id from papers where org_id = $1", beta.org.id)}
    assert {paper["id"] for paper in rest} <= own


async def test_a_page_in_a_handler_is_a_value(portico: Harness, alpha: Office) -> None:
    """Its rows are models, and looked at twice they are the same."""
    titles = await filled(portico, alpha, 5)
    async with portico.context(OrgContext, user=alpha.member, org=alpha.org.id) as ctx:
        page = await ctx.db.page(BY_TITLE, Paper, Keyset(limit=2), Filter(pages=1))
        counted = await ctx.db.page(BY_TITLE, Paper, Numbered(limit=2), pages=1)
        newest = await ctx.db.page(NEWEST, Paper, Keyset(limit=1))

    assert all(isinstance(paper, Paper) for paper in page.data)
    assert [paper.title for paper in page.data] == [titles[1], titles[2]]
    assert (counted.total, counted.total_pages, len(counted.data)) == (3, 2, 2)
    assert newest.data[0].title == "p004"
    assert page.data == page.data


@pytest.mark.parametrize(
    "body",
    ['"quoted" \\ and \\" so on', "line\nbreak\ttab", "Zoë 日本 🎉", "</script><!--", "\x01\x1f\x7f", "+00:00", ""],
)
async def test_a_list_writes_a_row_as_its_own_page_does(portico: Harness, alpha: Office, body: str) -> None:
    """Whoever writes the JSON: odd text, odd times, nothing at all."""
    for n, microseconds in enumerate((0, 120_000, 123_456)):
        await portico.rows(
            "insert into papers (org_id, title, body, created_at) values ($1, $2, $3, $4)",
            alpha.org.id,
            f"{n} +00:00",
            body,
            datetime(2026, 1, 1, 12, 0, 0, microseconds, tzinfo=UTC),
        )
    client = alpha.wire(alpha.member)

    listed = (await client.get("/api/v1/dated-papers")).json["data"]
    alone = [(await client.get(f"/api/v1/dated-papers/{paper['id']}")).json["data"] for paper in listed]

    assert {paper["created_at"][19:] for paper in listed} == {"Z", ".120000Z", ".123456Z"}
    assert listed == alone
