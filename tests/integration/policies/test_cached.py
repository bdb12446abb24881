"""Cached: answers are kept, for whom they are, until a commit makes them stale."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from portico import Conflict, Ok
from portico.adapters.memory.cache import MemoryCache
from portico.testing import Client, Harness, Reply, open_harness
from tests.integration.office.app import app
from tests.integration.office.kept import MEANWHILE, RUNS, Noting, Seen, file, latched, mine, titles
from tests.integration.office.latch import held, waiting
from tests.integration.office.people import Office, code, open_office

pytestmark = pytest.mark.anyio
TITLES, MINE, OPEN = "/api/v1/kept/titles", "/api/v1/kept/mine", "/api/v1/kept/open"
INTERRUPTED = "/api/v1/kept/interrupted"
FILE, TOUCH = "/api/v1/kept/file", "/api/v1/kept/touch"


@pytest.fixture(autouse=True)
def _nothing_has_run() -> None:
    """Count from the beginning."""
    RUNS.clear()


async def data(client: Client, path: str, **headers: str) -> Any:
    """What the path answers."""
    reply = await client.get(path, {name.replace("_", "-"): value for name, value in headers.items()})
    assert reply.status == 200, reply.text
    return reply.json["data"]


async def behind(office: Office, title: str) -> None:
    """File a paper behind the application's back."""
    org = office.org.id
    await office.harness.rows("insert into papers (org_id, title, body, pages) values ($1, $2, '', 1)", org, title)


# -- what is kept, and for whom ----------------------------------------------------------------------------------------
async def test_a_second_reader_gets_what_the_first_one_got(alpha: Office) -> None:
    """Byte for byte, in the organization, and no statement runs."""
    first = await alpha.wire(alpha.member).get(TITLES)
    await behind(alpha, "Unseen")
    second = await alpha.wire(alpha.owner).get(TITLES)

    assert (first.content, RUNS["titles"]) == (second.content, 1)


async def test_another_organization_has_answers_of_its_own(alpha: Office, beta: Office) -> None:
    """Shared means shared within."""
    await alpha.file(alpha.member, "Ours")

    assert await data(alpha.wire(alpha.member), TITLES) == ["Ours"]
    assert await data(beta.wire(beta.member), TITLES) == []


async def test_unless_they_are_shared_answers_are_the_caller_s_own(alpha: Office) -> None:
    """And stay so, reading after reading."""
    found = [await data(alpha.wire(user), MINE) for user in (alpha.member, alpha.other, alpha.member)]

    assert found[0] == found[2] != found[1]


async def test_another_role_is_another_caller(alpha: Office) -> None:
    """What was read with more rights is not shown to who has lost them."""
    before = await data(alpha.wire(alpha.editor), MINE)
    await alpha.harness.rows("update portico.members set role = 'guest' where user_id = $1", alpha.editor.id)
    after = await data(alpha.wire(alpha.editor), MINE)

    assert (before["role"], after["role"]) == ("editor", "guest")


async def test_each_language_and_each_input_has_its_own(alpha: Office) -> None:
    """However the input was spelled."""
    client = alpha.wire(alpha.member)

    german, english = [await data(client, MINE, accept_language=language) for language in ("de", "en")]
    about = await data(client, f"{MINE}?about=x")

    assert german != english != about
    assert await data(client, f"{MINE}?about=%78", accept_language="en") == about


async def test_addresses_that_read_alike_once_decoded_are_not_the_same_input(alpha: Office) -> None:
    """Where the query string begins is part of it, whoever has asked before."""
    one, other = alpha.wire(alpha.member), alpha.wire(alpha.other)

    assert await data(one, "/api/v1/kept/echo/a%3Fq=1") == [alpha.member.email, "a?q=1", "none"]
    assert await data(other, "/api/v1/kept/echo/a?q=1?") == [alpha.other.email, "a", "1?"]
    assert await data(one, "/api/v1/kept/echo/a?q=1?") == [alpha.member.email, "a", "1?"]


async def test_each_end_of_a_list_has_its_own(alpha: Office) -> None:
    """GraphQL reads a list from its end as well: as many rows, by the same cursor, and other ones."""
    reader = alpha.wire(alpha.member)
    for title in "abc":
        await alpha.file(alpha.other, title)

    async def asked(window: str) -> list[str]:
        query = f"{{ keptPages({window}) {{ edges {{ cursor node {{ title }} }} }} }}"
        reply = await reader.post("/api/graphql", {"query": query})
        edges = reply.json["data"]["keptPages"]["edges"]
        middle.extend(edge["cursor"] for edge in edges if edge["node"]["title"] == "b")
        return [edge["node"]["title"] for edge in edges]

    middle: list[str] = []
    whole = await asked("first: 3")
    (cursor,) = middle

    assert whole == ["a", "b", "c"]
    assert [await asked(window) for window in ("first: 1", "last: 1", "first: 1")] == [["a"], ["c"], ["a"]]
    assert await asked(f'last: 1, before: "{cursor}"') == ["a"]
    assert await asked(f'first: 1, after: "{cursor}"') == ["c"]
    assert await asked(f'last: 1, after: "{cursor}"') == ["c"]


async def test_who_may_not_call_gets_nothing_that_is_kept(alpha: Office) -> None:
    """The decision comes before the cache, and every time."""
    await data(alpha.wire(alpha.member), TITLES)

    refused = await alpha.wire(alpha.guest).get(TITLES)

    assert code(refused) == (403, "FORBIDDEN")


async def test_an_answer_is_kept_for_its_time(portico: Harness, alpha: Office) -> None:
    """Five minutes, or as long as the action says."""
    client = alpha.wire(alpha.member)
    kept = [await data(client, TITLES), await data(client, MINE)]
    await behind(alpha, "Later")

    portico.clock.advance(timedelta(seconds=61))
    assert await data(client, TITLES) == kept[0]
    assert await data(client, MINE) != kept[1]

    portico.clock.advance(timedelta(seconds=240))
    assert await data(client, TITLES) == ["Later"]


async def test_an_anonymous_reader_of_a_shared_answer_needs_no_database(portico: Harness) -> None:
    """It is gone, and nobody notices; another input is another answer."""
    before = await portico.client().get(OPEN)
    await portico.app.running.database.close()

    assert (await portico.client().get(OPEN)).content == before.content
    assert (await portico.client().get(f"{OPEN}?of=1")).status == 503


async def test_passers_by_see_each_organization_s_own_window(portico: Harness, alpha: Office, beta: Office) -> None:
    """A public page of an organization is kept in it, and void by its writes."""
    paths = [f"/api/v1/kept/shops/{office.org.slug}" for office in (alpha, beta)]
    before = [await data(portico.client(), path) for path in paths]

    await alpha.wire(alpha.member).post(FILE, {"title": "New"})

    assert before == [["alpha", "alpha"], ["beta", "beta"]]
    assert [await data(portico.client(), path) for path in paths] == [["alpha", "alpha", "New"], ["beta", "beta"]]


# -- callers in-process, and calls within calls ------------------------------------------------------------------------
async def test_in_process_callers_get_typed_values(portico: Harness, alpha: Office) -> None:
    """Of what the wire got as bytes, and the other way round."""
    caller = portico.app.as_(alpha.member, org=alpha.org.id)

    made, kept = [(await caller.call(mine)).unwrap() for _ in range(2)]
    on_the_wire = await data(alpha.wire(alpha.member), TITLES)
    shared = await caller.call(titles)

    assert (kept, type(kept)) == (made, type(made))
    assert shared == Ok(on_the_wire)
    assert RUNS["titles"] == 1


async def test_an_action_called_by_another_is_kept_too(alpha: Office) -> None:
    """The same answer, whoever calls for it."""
    inner = await data(alpha.wire(alpha.member), "/api/v1/kept/inner")

    assert (inner, RUNS["titles"]) == (await data(alpha.wire(alpha.member), TITLES), 1)


async def test_a_plain_function_is_kept_by_its_arguments(alpha: Office) -> None:
    """However they are given; what one caller changes in it, no other sees."""
    path = "/api/v1/kept/squares?of=7"

    first, second, third = await data(alpha.wire(alpha.member), path)

    assert (first[0], first, first) == ("49", second, third)
    assert (await data(alpha.wire(alpha.other), path)) != [first, second, third]
    assert RUNS["square"] == 2


async def test_a_policy_that_notes_the_result_notes_it_every_time(alpha: Office) -> None:
    """A kept answer is noted like one that was made."""
    Noting.noted.clear()
    first, second = [await data(alpha.wire(alpha.member), "/api/v1/kept/noted") for _ in range(2)]

    assert first == second
    assert [Seen.model_validate(first)] * 2 == Noting.noted


@pytest.mark.parametrize("what", ["user", "role", "may", "header", "flag"])
async def test_what_must_not_be_kept_is_refused(alpha: Office, caplog: pytest.LogCaptureFixture, what: str) -> None:
    """The caller in a shared answer, a header in any: the log says which and why."""
    reply = await alpha.wire(alpha.member).get(f"/api/v1/kept/mixed?what={what}")

    assert reply.status == 500
    assert f"kept.mixed uses ctx.{'answer' if what == 'header' else what} in a function whose answer is" in caplog.text


# -- what makes answers stale ------------------------------------------------------------------------------------------
async def test_who_writes_reads_what_they_wrote(alpha: Office) -> None:
    """At once, and so does everybody else in the organization."""
    client = alpha.wire(alpha.member)
    await data(client, TITLES)

    await alpha.file(alpha.member, "One")
    assert await data(client, TITLES) == ["One"]

    await client.post(FILE, {"title": "Two"})
    assert await data(alpha.wire(alpha.owner), TITLES) == ["One", "Two"]


async def test_who_leaves_after_the_commit_leaves_nothing_stale_behind(
    portico: Harness, alpha: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache may take a while to forget; it is told to the end, though nobody waits for the answer."""
    reader, caller = alpha.wire(alpha.member), portico.app.as_(alpha.other, org=alpha.org.id)
    told, go_on, forgotten = asyncio.Event(), asyncio.Event(), asyncio.Event()
    drop = MemoryCache.drop

    async def slowly(cache: MemoryCache, tags: Sequence[str]) -> None:
        told.set()
        await go_on.wait()
        drop(cache, tags)
        forgotten.set()

    before = await data(reader, TITLES)
    monkeypatch.setattr(MemoryCache, "drop", slowly)
    leaving = asyncio.create_task(caller.call(file, title="Written"))
    await told.wait()
    leaving.cancel()
    (gone,) = (await asyncio.wait((leaving,)))[0]
    go_on.set()
    async with asyncio.timeout(5):
        await forgotten.wait()

    assert gone.cancelled()
    assert (before, await data(reader, TITLES)) == ([], ["Written"])


async def test_what_is_rolled_back_makes_nothing_stale(alpha: Office) -> None:
    """Neither the policy's tags nor the handler's; and what it read is not kept."""
    client = alpha.wire(alpha.member)
    before = await data(client, TITLES)
    await behind(alpha, "Unseen")

    refused = [
        await client.post(FILE, {"title": "Never", "fail": True}),
        await client.post(TOUCH, {"tag": "papers", "fail": True}),
    ]

    assert [reply.status for reply in refused] == [409, 409]
    assert await data(client, TITLES) == before


async def test_a_writing_call_sees_the_truth_and_keeps_nothing(alpha: Office) -> None:
    """Its own writes before its commit; the next reader makes the answer anew."""
    await data(alpha.wire(alpha.member), TITLES)

    within = await alpha.wire(alpha.member).post(FILE, {"title": "Mine"})

    assert within.json["data"] == ["Mine"]
    assert (await data(alpha.wire(alpha.other), TITLES), RUNS["titles"]) == (["Mine"], 3)


async def test_a_tag_is_within_its_organization(alpha: Office, beta: Office) -> None:
    """Nobody makes another's answers stale."""
    await data(beta.wire(beta.member), TITLES)

    await alpha.wire(alpha.member).post(TOUCH, {"tag": "papers"})
    await data(beta.wire(beta.member), TITLES)

    assert RUNS["titles"] == 2  # beta's first, and alpha's own inside the mutation


async def test_a_tag_may_name_members_of_the_input(alpha: Office) -> None:
    """Only the answers about it are void."""
    client = alpha.wire(alpha.member)
    before = [await data(client, f"{MINE}?about={about}") for about in "xy"]

    await client.post(TOUCH, {"tag": "about:x"})
    after = [await data(client, f"{MINE}?about={about}") for about in "xy"]

    assert (before[0] != after[0], before[1] == after[1]) == (True, True)


async def test_an_answer_of_no_organization_is_void_by_any(alpha: Office) -> None:
    """Whoever writes: it may show what they wrote."""
    before = [await data(alpha.wire(alpha.member), path) for path in (OPEN, "/api/v1/kept/profile")]

    await alpha.wire(alpha.other).post(TOUCH, {"tag": "open"})
    await alpha.wire(alpha.other).post("/api/v1/kept/touch-open", {"tag": "profile"})

    after = [await data(alpha.wire(alpha.member), path) for path in (OPEN, "/api/v1/kept/profile")]
    assert before[0] != after[0]
    assert before[1] != after[1]


async def test_the_answer_names_every_tag_once(alpha: Office) -> None:
    """So that a client drops what it holds."""
    reply = await alpha.wire(alpha.member).post(TOUCH, {"tag": "touched"})

    assert reply.headers["invalidates"] == "touched"


# -- stale answers, and those that are being made ----------------------------------------------------------------------
async def test_a_stale_answer_is_given_out_while_a_new_one_is_made(portico: Harness) -> None:
    """By age, as long as the action allows; then the new one is everybody's."""
    before = await data(portico.client(), OPEN)
    portico.clock.advance(timedelta(seconds=61))

    stale = [await data(portico.client(), OPEN) for _ in range(3)]
    await portico.app.running.pipeline.services.flights.settle()
    renewed = await data(portico.client(), OPEN)

    assert (stale, RUNS["open"]) == ([before] * 3, 2)
    assert renewed != before


async def test_past_its_stale_time_nobody_gets_it(portico: Harness) -> None:
    """Who comes too late waits for a new one."""
    before = await data(portico.client(), OPEN)
    portico.clock.advance(timedelta(seconds=121))

    assert await data(portico.client(), OPEN) != before


async def test_revalidating_a_tag_lets_the_next_reader_go_at_once(portico: Harness, alpha: Office) -> None:
    """With what there is; the one after them gets what is true, by way of the same wall."""
    client = alpha.wire(alpha.member)
    before = await data(client, TITLES)
    await behind(alpha, "New")

    await client.post(TOUCH, {"tag": "papers", "how": "revalidate"})
    stale = await data(client, TITLES)
    await portico.app.running.pipeline.services.flights.settle()

    assert (stale, await data(client, TITLES)) == (before, ["New"])


async def test_a_tag_that_is_updated_after_it_was_revalidated_is_updated(alpha: Office) -> None:
    """By the same call: the stronger word holds, and nobody is given what is stale."""
    client = alpha.wire(alpha.member)
    await data(client, TITLES)
    await behind(alpha, "New")

    await client.post(TOUCH, {"tag": "papers", "how": "both"})

    assert await data(client, TITLES) == ["New"]


async def test_who_moves_while_it_is_read_leaves_nothing_behind(alpha: Office, beta: Office) -> None:
    """The gate is asked before the cache and before the reading; where it says another thing, all is done anew."""
    both = await alpha.harness.member(alpha.editor.email, org=beta.org.id, role="editor")
    await alpha.file(alpha.member, "Alpha's")
    await beta.file(beta.member, "Beta's")
    session = "update portico.sessions set active_org = $1 where user_id = $2"
    await alpha.harness.rows(session, alpha.org.id, both.id)
    MEANWHILE.append(lambda: alpha.harness.rows(session, beta.org.id, both.id))

    moved = await data(alpha.harness.client(both), INTERRUPTED)

    assert moved == ["Beta's"]
    assert await data(alpha.wire(alpha.member), INTERRUPTED) == ["Alpha's"]


async def test_a_hundred_readers_run_one_statement(portico: Harness, alpha: Office) -> None:
    """Those who come while it runs wait for it."""
    async with open_harness(app, portico.urls, portico_rate_limit_factor=1000):
        clients = [alpha.wire(user) for user in (alpha.member, alpha.other)] * 50
        async with held(portico) as release:
            reading = [asyncio.create_task(client.get("/api/v1/kept/latched")) for client in clients]
            await waiting(portico)
            release.set()
            replies = await asyncio.gather(*reading)

    assert {(reply.status, reply.content) for reply in replies} == {(200, b'{"data":[]}')}
    assert RUNS["latched"] == 1


async def test_who_waited_for_one_that_failed_makes_their_own(portico: Harness, alpha: Office) -> None:
    """A failure is nobody else's answer, and is not kept."""
    async with held(portico) as release:
        reading = [
            asyncio.create_task(alpha.wire(alpha.member).get("/api/v1/kept/latched?fail=true")) for _ in range(3)
        ]
        await waiting(portico)
        release.set()
        replies = await asyncio.gather(*reading)

    assert [code(reply) for reply in replies] == [(409, Conflict.code)] * 3
    assert RUNS["latched"] == 3


async def test_a_reader_that_began_before_a_commit_keeps_nothing(portico: Harness, alpha: Office) -> None:
    """It answers with what it saw; nobody after the commit is shown that, or waits for it."""
    reader = alpha.wire(alpha.member)
    async with held(portico) as release:
        early = asyncio.create_task(reader.get("/api/v1/kept/latched"))
        await waiting(portico)
        await alpha.file(alpha.other, "Since")
        late = asyncio.create_task(reader.get("/api/v1/kept/latched"))
        await waiting(portico, 2)
        release.set()
        replies = await asyncio.gather(early, late)

    assert [reply.json["data"] for reply in replies] == [[], ["Since"]]
    assert await data(reader, "/api/v1/kept/latched") == ["Since"]


async def test_a_reader_that_leaves_is_not_waited_for(portico: Harness, alpha: Office) -> None:
    """The next one takes over."""
    caller = portico.app.as_(alpha.member, org=alpha.org.id)
    async with held(portico) as release:
        leaving = asyncio.create_task(caller.call(latched))
        await waiting(portico)
        staying = asyncio.create_task(caller.call(latched))
        leaving.cancel()
        await asyncio.wait((leaving,))
        await waiting(portico)
        release.set()

        assert (await staying).unwrap() == []


# -- the wire ----------------------------------------------------------------------------------------------------------
async def test_who_has_the_answer_is_told_so(alpha: Office) -> None:
    """304 without a body, for as long as it is the same; and 200 from then on."""
    client = alpha.wire(alpha.member)
    first = await client.get(TITLES)
    condition = {"if-none-match": f'"other", W/{first.headers["etag"]}'}

    same = await client.get(TITLES, condition)
    await alpha.file(alpha.member, "New")
    other = await client.get(TITLES, condition)

    assert (same.status, same.content, other.status) == (304, b"", 200)
    assert {name: same.headers[name] for name in ("etag", "vary", "cache-control")} == {
        "etag": first.headers["etag"],
        "vary": "Cookie, Authorization, X-Org-Id, Accept-Language",
        "cache-control": "private, no-cache",
    }
    assert not {"content-type", "content-length"} & {*same.headers}
    assert other.headers["etag"] != first.headers["etag"]


async def test_head_says_what_get_would(alpha: Office) -> None:
    """Tag and length, and no body; 304 as well."""
    client = alpha.wire(alpha.member)
    got = await client.get(TITLES)
    asked = await client.send("HEAD", TITLES)
    known = await client.send("HEAD", TITLES, headers={"if-none-match": got.headers["etag"]})

    assert (asked.status, asked.content, asked.headers["etag"]) == (200, b"", got.headers["etag"])
    assert asked.headers["content-length"] == str(len(got.content))
    assert known.status == 304


def may_keep(reply: Reply) -> tuple[str | None, str | None]:
    """Who may keep an answer, and what it depends on."""
    return reply.headers.get("cache-control"), reply.headers.get("vary")


async def test_who_else_may_keep_an_answer_is_said(portico: Harness, alpha: Office) -> None:
    """Everybody only where the action says so; nobody at all what is not kept here, or is refused."""
    replies = [
        await portico.client().get(path)
        for path in ("/api/v1/kept/billboard", OPEN, f"/api/v1/kept/shops/{alpha.org.slug}", "/api/v1/open", TITLES)
    ]

    assert [may_keep(reply) for reply in replies] == [
        ("public, max-age=30", "Accept-Language"),
        ("private, no-cache", "Accept-Language"),
        ("private, no-cache", "Cookie, Authorization, X-Org-Id, Accept-Language"),
        ("no-store", None),
        ("no-store", None),
    ]


async def test_limits_count_what_is_kept(alpha: Office) -> None:
    """A kept answer is an answer."""
    replies = [await alpha.wire(alpha.member).get(TITLES) for _ in range(2)]

    assert [reply.headers["x-ratelimit-remaining"] for reply in replies] == ["99", "98"]


async def test_limits_hold_for_what_is_kept_for_everybody(portico: Harness) -> None:
    """Its way is the shortest, and no way around them."""
    client = portico.client()
    replies = [await client.get(OPEN) for _ in range(101)]

    assert [reply.status for reply in replies] == [200] * 100 + [429]
    assert [reply.headers["x-ratelimit-remaining"] for reply in replies[:3]] == ["99", "98", "97"]
    assert replies[-1].json["code"] == "RATE_LIMIT_EXCEEDED"
    assert int(replies[-1].headers["retry-after"]) > 0
    assert RUNS["open"] == 1


async def test_memory_is_bounded(portico: Harness, alpha: Office) -> None:
    """What was not read for longest goes first."""
    async with open_harness(app, portico.urls, portico_cache_entries=2):
        client = alpha.wire(alpha.member)
        before = [await data(client, f"{MINE}?about={about}") for about in "abac"]
        after = [await data(client, f"{MINE}?about={about}") for about in "ab"]

    assert before[0] == before[2] == after[0]
    assert after[1] != before[1]


async def test_two_applications_of_one_database_keep_apart(portico: Harness) -> None:
    """In memory, each process has its own."""
    office = await open_office(portico, "Gamma")
    await data(office.wire(office.member), TITLES)

    async with open_harness(app, portico.urls):
        await data(office.wire(office.member), TITLES)

    assert RUNS["titles"] == 2
