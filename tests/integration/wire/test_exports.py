"""Exports: what leaves, how it is written, how it ends."""

from contextlib import aclosing

import pytest

from portico import App, Forbidden
from portico.testing import Client, Harness
from tests.integration.office import exports
from tests.integration.office.people import Office, code

pytestmark = pytest.mark.anyio
WORDS = ['Ä "quoted" \\ back', "+49 1", "\uff1dfull", "plain, with a comma", "two\nlines"]

ODD = (
    "update papers set created_at = date_trunc('second', created_at) + length(title) % 3 * interval '120 milliseconds'"
)
"""Moments with and without a fraction of a second, whose last digits are zeros."""
KEY = """
    insert into portico.api_keys (key_hash, hint, name, user_id, org_id, scopes, expires_at)
    values (sha256(convert_to($1, 'UTF8')), 'pk_', $1, $2, $3, $4, now() + interval '1 day')
"""
RECORD = """
select action, outcome, user_id, org_id, metadata::text from portico.audit where action like '%exported' order by id
"""


async def filed(office: Office) -> None:
    """Papers whose titles are hard to write."""
    for title in WORDS:
        await office.file(office.member, title)
    await office.harness.rows(ODD)


async def test_the_database_writes_what_the_model_would(alpha: Office, beta: Office) -> None:
    """The same bytes, NDJSON and CSV, whether rows are handed on or yielded; and of one's own organization alone."""
    await filed(alpha)
    await beta.file(beta.member, "Theirs")
    client = alpha.wire(alpha.member)

    for form in ("", "?format=csv", "?format=csv&bom=1"):
        fast, slow = [await client.get(f"/api/v1/papers-export{kind}{form}") for kind in ("", "-by-row")]

        assert (fast.status, slow.status, fast.content) == (200, 200, slow.content)
    lines = (await client.get("/api/v1/papers-export")).text.splitlines()
    assert sorted(exports.PaperRow.model_validate_json(line).title for line in lines) == sorted(WORDS)


async def test_csv_holds_no_formula(alpha: Office) -> None:
    """Text that a spreadsheet would run is marked as text; numbers, dates and none are as they are."""
    reply = await alpha.wire(alpha.member).get("/api/v1/odd-export", {"accept": "Text/CSV"})

    assert reply.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert reply.text == (
        '"on","price","words","tags","fresh"\r\n'
        '"2030-05-17","-1.50","\'=1+""1""","[""a"",""b""]",true\r\n'
        '"2030-05-18","2",,"[]",false\r\n'
    )


async def test_an_export_without_rows_is_whole(alpha: Office) -> None:
    """CSV has its names, NDJSON is empty; the byte order mark comes where it is asked for."""
    client = alpha.wire(alpha.member)

    csv = await client.get("/api/v1/odd-export?rows=0&format=csv&bom=1")
    ndjson = await client.get("/api/v1/odd-export?rows=0")

    assert csv.content == b'\xef\xbb\xbf"on","price","words","tags","fresh"\r\n'
    assert (ndjson.status, ndjson.content, ndjson.headers["content-type"]) == (200, b"", "application/x-ndjson")


async def test_an_export_is_a_file_with_a_name(alpha: Office) -> None:
    """A browser saves it; HEAD tells the same and reads nothing."""
    client = alpha.wire(alpha.member)

    got, head = await client.get("/api/v1/papers-export"), await client.send("HEAD", "/api/v1/papers-export")

    name = got.headers["content-disposition"]
    assert name.startswith('attachment; filename="exports-20')
    assert name.endswith('.ndjson"')
    assert (head.status, head.content, head.headers["content-disposition"]) == (200, b"", name)
    assert got.headers["x-content-type-options"] == "nosniff"


async def test_a_format_that_there_is_not_is_a_finding(alpha: Office) -> None:
    """The caller is told which member is wrong."""
    reply = await alpha.wire(alpha.member).get("/api/v1/papers-export?format=xml")

    assert (code(reply), list(reply.json["errors"])) == ((422, "VALIDATION_ERROR"), ["format"])


async def test_who_may_not_gets_no_row(alpha: Office) -> None:
    """Refusals are as with any action, and come before the first byte."""
    denied = await alpha.wire(alpha.guest).get("/api/v1/papers-export")
    nobody = await alpha.harness.client().get("/api/v1/papers-export")

    assert (code(denied), code(nobody)) == ((403, "FORBIDDEN"), (401, "UNAUTHORIZED"))


async def test_exports_of_a_user_share_a_limit(alpha: Office) -> None:
    """Five a minute, unless one has a limit of its own."""
    client = alpha.wire(alpha.member)

    statuses = [(await client.get("/api/v1/papers-export")).status for _ in range(6)]

    assert statuses == [200] * 5 + [429]
    assert (await client.get("/api/v1/papers-export-by-row")).status == 200


async def test_what_has_left_is_on_record(alpha: Office) -> None:
    """Who, what and how many; an event of its own where the module names one; refusals as ever."""
    await filed(alpha)
    client = alpha.wire(alpha.member)
    await client.get("/api/v1/papers-export")
    await client.get("/api/v1/odd-export")
    await client.get("/api/v1/broken-export?after=3")
    await alpha.wire(alpha.guest).get("/api/v1/papers-export")

    rows = await alpha.harness.rows(RECORD)

    member, org = alpha.member.id, alpha.org.id
    assert [tuple(row) for row in rows] == [
        ("exports.exported", "done", member, org, '{"rows": 5}'),
        ("odd.exported", "done", member, org, '{"why": "a test", "rows": 2}'),
        ("exports.exported", "failed", member, org, '{"code": "BIZ_JAMMED"}'),
        ("exports.exported", "denied", alpha.guest.id, org, '{"code": "FORBIDDEN"}'),
    ]


async def test_a_query_can_be_on_record(alpha: Office) -> None:
    """Its transaction may not write: the row is written after it."""
    reply = await alpha.wire(alpha.member).get("/api/v1/audited")

    assert reply.json == {"data": 1}
    assert await alpha.audit() == [("papers.looked", "done", "all")]


@pytest.mark.parametrize(
    ("how", "told"), [("jammed", "BIZ_JAMMED"), ("database", "VALIDATION_ERROR"), ("bug", "INTERNAL_ERROR")]
)
async def test_a_failure_before_the_first_row_is_an_answer(alpha: Office, how: str, told: str) -> None:
    """With its status, like any other."""
    reply = await alpha.wire(alpha.member).get(f"/api/v1/broken-export?after=0&how={how}")

    assert reply.json["code"] == told
    assert reply.status >= 400


@pytest.mark.parametrize("how", ["jammed", "bug"])
async def test_a_failure_in_the_middle_is_the_last_line(alpha: Office, how: str) -> None:
    """The client sees that the rows are not all, and why; secrets stay ours."""
    reply = await alpha.wire(alpha.member).get(f"/api/v1/broken-export?after=40000&how={how}")

    *rows, last = reply.text.splitlines()
    assert rows == [str(n) for n in range(len(rows))]
    assert ('{"error":{' in last, "secret" in last) == (True, False)


async def test_an_export_that_takes_too_long_says_so(alpha: Office) -> None:
    """Its time is its own, and ends it wherever it is."""
    reply = await alpha.wire(alpha.member).get("/api/v1/slow-export")

    assert code(reply) == (504, "SYS_TIMEOUT")


async def test_anybody_may_draw_what_is_public(portico: Harness) -> None:
    """Values that are no models have a column of their own."""
    reply = await portico.client().get("/api/v1/open-export?format=csv")

    assert reply.text == '"value"\r\n"\'-1"\r\n"plain"\r\n'


async def test_rows_are_drawn_in_process(alpha: Office, portico_app: App) -> None:
    """Typed, one after another; who stops early frees the connection."""
    await filed(alpha)
    caller = portico_app.as_(alpha.member, org=alpha.org.id)

    titles = [row.title async for row in caller.stream(exports.as_written)]
    async with aclosing(caller.stream(exports.many)) as rows:
        first = await anext(rows)

    assert sorted(titles) == sorted(WORDS)
    assert first.n == 1


async def test_a_refusal_in_process_is_raised(alpha: Office, portico_app: App) -> None:
    """At the first row."""
    with pytest.raises(Forbidden):
        await anext(portico_app.as_(alpha.guest, org=alpha.org.id).stream(exports.as_written))


async def test_an_api_key_may_export_what_its_scopes_say(alpha: Office) -> None:
    """Keys of programs are who fetches most exports; what is beyond their scopes is refused before the first byte."""
    wide, narrow = [await key_of(alpha, scopes) for scopes in (["papers:read"], ["papers:write"])]

    got, refused = [await client.get("/api/v1/papers-export") for client in (wide, narrow)]

    assert (got.status, refused.status) == (200, 403)


async def key_of(office: Office, scopes: list[str]) -> Client:
    """A client with a key of the member's."""
    token = f"pk_{'_'.join(scopes)}"
    await office.harness.rows(KEY, token, office.member.id, office.org.id, scopes)
    return Client(office.harness.app, token=token)


async def test_strict_input_does_not_mind_the_format(alpha: Office) -> None:
    """What says how an export is written is no member of its input."""
    client = alpha.wire(alpha.member)

    good = await client.get("/api/v1/strict-export?since=3&format=csv&bom=1")
    wrong = await client.get("/api/v1/strict-export?since=3&until=4")

    assert (good.status, good.text.splitlines()[-1]) == (200, "3")
    assert (code(wrong), list(wrong.json["errors"])) == ((422, "VALIDATION_ERROR"), ["until"])


async def test_an_export_is_no_part_of_another_action(alpha: Office) -> None:
    """Nothing there would take its rows: the log says so, and the caller no more than usual."""
    reply = await alpha.wire(alpha.member).get("/api/v1/nested-export")

    assert code(reply) == (500, "INTERNAL_ERROR")
