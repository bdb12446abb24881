"""What happens to an open session: used, kept alive, seen from elsewhere, listed, ended."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import anyio
import asyncpg
import pytest
from pydantic_core import from_json

from portico import App
from portico.adapters.postgres.touches import PostgresTouches
from portico.modules.identity import find_sessions
from portico.ports.touches import Drift
from portico.testing import Client, Harness, Reply, open_harness
from tests.integration.office.people import code

pytestmark = pytest.mark.anyio
ALICE = {"email": "alice@example.com", "password": "Correct-Horse-1"}
SESSIONS, ME, COOKIE = "/api/auth/sessions", "/api/auth/me", "__Host-session"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
UPDATED = FIREFOX.replace("140", "141")
CURL = "curl/8.5.0"
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.7"
SHIFT = """
update portico.sessions
   set created_at = created_at - $1::interval, last_used_at = last_used_at - $1::interval,
       expires_at = expires_at - $1::interval, ends_at = ends_at - $1::interval
"""
DRIFTS = """
select outcome, metadata->'is'->>'device' from portico.audit where action = 'session.drifted' order by id
"""


class Browser(Client):
    """A client that says what it is, with requests of its own site."""

    def __init__(self, portico: Harness, *, agent: str = FIREFOX, ip: str = HOME, token: str | None = None) -> None:
        """Nobody has signed in with it yet."""
        super().__init__(portico.app, token=token, ip=ip)
        self.portico = portico
        self._always |= {"user-agent": agent, "sec-fetch-site": "same-origin"}

    def moved(self, **elsewhere: str) -> "Browser":
        """The same cookies in another browser, or at another address."""
        other = Browser(self.portico, **elsewhere)
        other.cookies = self.cookies
        return other

    async def sign_in(self, **headers: str) -> Reply:
        """Sign in as Alice."""
        return await self.post("/api/auth/sign-in", ALICE, headers=headers)

    async def listed(self) -> list[dict[str, Any]]:
        """The open sessions."""
        found: list[dict[str, Any]] = (await self.get(SESSIONS)).json["data"]
        return found


async def register(portico: Harness) -> None:
    """Alice has an account and a password."""
    await portico.member(ALICE["email"], password=ALICE["password"])
    await portico.rows("delete from portico.sessions")


async def signed_in(portico: Harness, **device: str) -> Browser:
    """Alice, signed in with a browser at home."""
    browser = Browser(portico, **device)
    reply = await browser.sign_in()
    assert reply.status == 200, reply.text
    return browser


@pytest.fixture
async def home(portico: Harness) -> Browser:
    """Alice at home."""
    await register(portico)
    return await signed_in(portico)


@asynccontextmanager
async def bound(portico: Harness, app: App, binding: str) -> AsyncIterator[Harness]:
    """The office with another binding of sessions."""
    async with open_harness(app, portico.urls, portico_session_binding=binding) as harness:
        await register(harness)
        yield harness


async def session(portico: Harness) -> asyncpg.Record:
    """The one session there is."""
    return (await portico.rows("select * from portico.sessions"))[0]


async def used_since(portico: Harness, opened: timedelta) -> bool:
    """Whether the session's last use is so long after its beginning."""
    held = await session(portico)
    return bool(held["last_used_at"] - held["created_at"] > opened)


async def drifts(portico: Harness) -> list[tuple[str, str]]:
    """Outcome and device of each drift in the audit."""
    rows = await portico.rows(DRIFTS)
    return [(row[0], row[1]) for row in rows]


# -- last use and expiry -----------------------------------------------------------------------------------------------
async def test_a_use_is_written_later_and_all_at_once(portico: Harness, home: Browser) -> None:
    """Not by the call, whose transaction may be READ ONLY; a flush moves the last use and the expiry on."""
    await portico.rows(SHIFT, timedelta(days=10))
    before = await session(portico)

    assert (await home.get(ME)).status == 200
    meanwhile = await session(portico)
    await portico.touched()
    after = await session(portico)

    assert meanwhile == before
    assert after["last_used_at"] - before["last_used_at"] > timedelta(days=9)
    assert after["expires_at"] - before["expires_at"] > timedelta(days=9)


async def test_a_use_is_noted_once_a_minute(portico: Harness, home: Browser) -> None:
    """However often a page asks."""
    await home.get(ME)
    await portico.touched()
    await portico.rows(SHIFT, timedelta(hours=1))

    await home.get(ME)
    await portico.touched()
    unmoved = datetime.now(portico.clock.now().tzinfo) - (await session(portico))["last_used_at"]
    portico.clock.advance(timedelta(minutes=1))
    await home.get(ME)
    await portico.touched()

    assert unmoved > timedelta(minutes=59)
    assert datetime.now(portico.clock.now().tzinfo) - (await session(portico))["last_used_at"] < timedelta(minutes=1)


async def test_a_session_in_use_outlives_two_weeks_but_not_ninety_days(portico: Harness, home: Browser) -> None:
    """Sliding expiry up to the absolute one."""
    lived = 0
    while lived < 120 and (await home.get(ME)).status == 200:
        await portico.touched()
        await portico.rows(SHIFT, timedelta(days=10))
        portico.clock.advance(timedelta(minutes=1))
        lived += 10

    assert lived == 90


async def test_a_session_that_lies_idle_ends_after_two_weeks(portico: Harness, home: Browser) -> None:
    """And a use that comes too late does not revive it, even one noted before."""
    await portico.rows(SHIFT, timedelta(days=13))
    assert (await home.get(ME)).status == 200
    await portico.rows(SHIFT, timedelta(days=2))

    await portico.touched()

    assert code(await home.get(ME)) == (401, "UNAUTHORIZED")
    assert await portico.rows("select from portico.sessions where expires_at > now()") == []


async def test_a_use_from_the_future_extends_nothing_beyond_the_end(portico: Harness, home: Browser) -> None:
    """A process whose clock is wrong harms nobody."""
    portico.clock.advance(timedelta(days=1000))
    await home.get(ME)
    await portico.touched()

    held = await session(portico)

    assert held["expires_at"] <= held["ends_at"]
    assert abs(held["last_used_at"] - held["created_at"]) < timedelta(minutes=1)


async def test_a_token_of_another_issuer_lasts_as_it_says(portico: Harness, home: Browser) -> None:
    """No use makes it longer, and whoever holds it may be anywhere."""
    await portico.rows("update portico.sessions set method = 'jwt', expires_at = now() + interval '1 hour'")
    before = await session(portico)

    await home.moved(agent=CURL, ip=ELSEWHERE).get(ME)
    await portico.touched()

    assert (await session(portico))["expires_at"] == before["expires_at"]
    assert await drifts(portico) == []


async def test_a_key_s_last_use_is_written_with_the_sessions(portico: Harness) -> None:
    """In the same batch."""
    user = await portico.member("alice@example.com")
    insert = """insert into portico.api_keys (key_hash, hint, name, user_id, scopes)
                values (sha256('pk_secret'), 'pk_…', 'one', $1, array['*'])"""
    await portico.rows(insert, user.id)

    reply = await portico.client().get(ME, {"authorization": "Bearer pk_secret"})
    await portico.touched()

    assert reply.status == 200
    assert (await portico.rows("select last_used_at from portico.api_keys"))[0][0] is not None


async def test_a_flush_that_fails_is_tried_again(portico: Harness, home: Browser) -> None:
    """What was noted waits."""
    await portico.rows(SHIFT, timedelta(days=1))
    await home.get(ME)
    await portico.rows("alter function portico.touch_v1 rename to touch_gone")
    with pytest.raises(asyncpg.UndefinedFunctionError):
        await portico.touched()
    await portico.rows("alter function portico.touch_gone rename to touch_v1")

    await portico.touched()

    assert await used_since(portico, timedelta(hours=23))


@pytest.mark.parametrize("every", [0.05, 300])
async def test_uses_are_written_in_the_background_and_at_the_end(
    portico: Harness, portico_app: App, every: float
) -> None:
    """Every so many seconds, and once more when the application closes."""
    async with open_harness(portico_app, portico.urls, portico_touch_seconds=every) as other:
        await register(other)
        browser = await signed_in(other)
        await other.rows(SHIFT, timedelta(days=1))
        await browser.get(ME)
        with anyio.fail_after(10):
            while every < 1 and not await used_since(portico, timedelta(hours=23)):
                pass

    assert await used_since(portico, timedelta(hours=23))


# -- another device, another network -----------------------------------------------------------------------------------
async def test_a_drift_is_audited_once_and_shown(portico: Harness, home: Browser) -> None:
    """With what it was and what it is; the call is let through."""
    thief = home.moved(agent=CURL, ip=ELSEWHERE)
    for _ in range(2):
        assert (await thief.get(ME)).status == 200
        await portico.touched()

    listed = (await home.listed())[0]
    rows = await portico.rows("select target, metadata::text, ip from portico.audit where action = 'session.drifted'")

    assert await drifts(portico) == [("done", "curl")]
    assert (rows[0]["target"], rows[0]["ip"]) == (listed["id"], ELSEWHERE)
    assert from_json(rows[0]["metadata"]) == {
        "was": {"device": "Firefox on Linux", "place": "203.0.113.0/24"},
        "is": {"device": "curl", "place": "198.51.100.0/24"},
    }
    assert [(d["device"], d["place"], d["refused"]) for d in listed["drifts"]] == [("curl", "198.51.100.0/24", False)]


async def test_each_new_place_is_told_of_once(portico: Harness, home: Browser) -> None:
    """By whichever process sees it."""
    for ip in (ELSEWHERE, "192.0.2.1", ELSEWHERE):
        await home.moved(ip=ip).get(ME)
    await portico.touched()
    running, held = portico.app.running, (await session(portico))["id"]
    another = PostgresTouches(running.pipeline.services.database.db, idle=timedelta(days=14))
    for place in ("192.0.2.0/24", "10.0.0.0/24"):
        another.drift(Drift(held, "Firefox on Linux", place, False, portico.clock.now(), None, None, "another"))

    await another.flush()

    assert await drifts(portico) == [("done", "Firefox on Linux")] * 3


async def test_an_update_of_the_browser_is_no_drift(portico: Harness, home: Browser) -> None:
    """Nor another address of the same network."""
    assert (await home.moved(agent=UPDATED, ip="203.0.113.99").get(ME)).status == 200
    await portico.touched()

    assert await drifts(portico) == []
    assert (await home.listed())[0]["drifts"] == []


async def test_client_hints_bind_where_both_sides_send_them(portico: Harness) -> None:
    """The same User-Agent under another brand is another device; none at all says nothing."""
    await register(portico)
    browser = Browser(portico)
    await browser.sign_in(**{"sec-ch-ua": '"Chromium";v="140"', "sec-ch-ua-platform": '"Linux"'})

    await browser.get(ME)
    await browser.get(ME, {"sec-ch-ua": '"Chromium";v="141"', "sec-ch-ua-platform": '"Linux"'})
    await portico.touched()
    quiet = await drifts(portico)
    await browser.get(ME, {"sec-ch-ua": '"Brave";v="141"', "sec-ch-ua-platform": '"Linux"'})
    await portico.touched()

    assert (quiet, len(await drifts(portico))) == ([], 1)


async def test_a_strict_binding_asks_to_sign_in_again(portico: Harness, portico_app: App) -> None:
    """The call is refused and nothing is touched; at home the session goes on. The refusal is on record."""
    async with bound(portico, portico_app, "strict") as strict:
        home = await signed_in(strict)
        refused = await home.moved(agent=CURL).get(ME)
        await strict.touched()
        listed = (await home.listed())[0]

    assert code(refused) == (401, "AUTH_SIGN_IN_AGAIN")
    assert [(d["device"], d["refused"]) for d in listed["drifts"]] == [("curl", True)]
    assert await drifts(portico) == [("denied", "curl")]


async def test_a_strict_binding_leads_a_page_to_the_sign_in(portico: Harness, portico_app: App) -> None:
    """Which is shown to the drifted browser as to a stranger, and ends its session with a fresh one."""
    async with bound(portico, portico_app, "strict") as strict:
        moved = (await signed_in(strict)).moved(ip=ELSEWHERE)
        page, door = await moved.get("/desk"), await moved.get("/sign-in")
        again = await moved.sign_in()
        me = await moved.get(ME)

    assert (page.status, page.headers["location"]) == (303, "/sign-in?next=/desk")
    assert [door.status, again.status, me.status] == [200, 200, 200]
    assert len(await portico.rows("select from portico.sessions")) == 1


async def test_to_what_is_public_a_strict_binding_lets_them_in_as_nobody(portico: Harness, portico_app: App) -> None:
    """What counts by user, or by address for nobody, counts them with the strangers of their address."""
    path = "/api/v1/limited-by-user-or-address"
    async with bound(portico, portico_app, "strict") as strict:
        moved = (await signed_in(strict)).moved(ip=ELSEWHERE)
        drifted, stranger = await moved.post(path), await Browser(strict, ip=ELSEWHERE).post(path)

    assert [drifted.status, stranger.status] == [200, 429]


async def test_keys_and_callers_in_process_are_bound_to_nothing(portico: Harness, portico_app: App) -> None:
    """Nor is a session that was opened without saying from where."""
    async with bound(portico, portico_app, "strict") as strict:
        user = await strict.member(ALICE["email"])
        unbound = Browser(strict, token=strict.token(user), agent=CURL, ip=ELSEWHERE)
        within = await portico_app.as_(user).call(find_sessions)

        assert (await unbound.get(ME)).status == 200

    assert len(within.data or []) == 1


async def test_a_binding_that_is_off_looks_away(portico: Harness, portico_app: App) -> None:
    """Nothing is refused, audited or shown."""
    async with bound(portico, portico_app, "off") as loose:
        reply = await (await signed_in(loose)).moved(agent=CURL, ip=ELSEWHERE).get(ME)
        await loose.touched()

    assert (reply.status, await drifts(portico)) == (200, [])


# -- the list ----------------------------------------------------------------------------------------------------------
async def test_the_list_tells_where_one_is_signed_in(portico: Harness, home: Browser) -> None:
    """Live sessions alone, the one in hand first."""
    phone = await signed_in(portico, agent=CURL, ip=ELSEWHERE)
    await signed_in(portico)
    await portico.rows(
        "update portico.sessions set expires_at = now() where id = $1", UUID((await home.listed())[0]["id"])
    )

    here, there = await phone.listed()

    assert (here["current"], here["device"], here["place"]) == (True, "curl", "198.51.100.0/24")
    assert (there["current"], there["device"], there["method"]) == (False, "Firefox on Linux", "password")
    assert set(here) == {
        *("id", "device", "place", "method", "created_at", "last_used_at", "expires_at", "current", "drifts")
    }


async def test_the_list_is_bounded(portico: Harness, home: Browser) -> None:
    """Whoever signs in by a script does so often; the one in hand is in it all the same."""
    more = """insert into portico.sessions (user_id, token_hash, expires_at)
              select user_id, sha256(n::text::bytea), now() + interval '1 day'
                from portico.sessions, generate_series(1, 150) n"""
    await portico.rows(more)

    found = await home.listed()

    assert (len(found), found[0]["current"]) == (100, True)
    assert (await home.send("DELETE", SESSIONS)).json["data"] == {"ended": 150}


async def test_one_session_is_ended_and_its_token_is_worth_nothing(portico: Harness, home: Browser) -> None:
    """The one in hand too, whose cookie is cleared."""
    phone = await signed_in(portico, agent=CURL)
    here, there = [found["id"] for found in await home.listed()]

    first = await home.send("DELETE", f"{SESSIONS}/{there}")
    second = await home.send("DELETE", f"{SESSIONS}/{here}")

    assert [first.status, second.status, (await phone.get(ME)).status] == [200, 200, 401]
    assert ("set-cookie" in first.headers, "Max-Age=0" in second.headers["set-cookie"]) == (False, True)
    ended = await portico.rows("select target from portico.audit where action = 'session.revoked' order by id")
    assert [row[0] for row in ended] == [there, here]


async def test_somebody_else_s_session_is_not_found(portico: Harness, home: Browser) -> None:
    """As one that never was."""
    bob = await portico.member("bob@example.com")
    mine = (await home.listed())[0]["id"]
    theirs = portico.client(bob)

    for id in (mine, str(uuid4())):
        assert code(await theirs.send("DELETE", f"{SESSIONS}/{id}")) == (404, "NOT_FOUND")
    assert (await home.get(ME)).status == 200


async def test_all_other_sessions_are_ended_at_once(portico: Harness, home: Browser) -> None:
    """One's own, and not the one in hand."""
    bob = await portico.member("bob@example.com")
    others = [await signed_in(portico) for _ in range(2)]

    reply = await home.send("DELETE", SESSIONS)

    assert reply.json["data"] == {"ended": 2}
    assert [(await browser.get(ME)).status for browser in (*others, home)] == [401, 401, 200]
    assert (await portico.client(bob).get(ME)).status == 200


async def test_a_cookie_lasts_to_the_absolute_end(portico: Harness, home: Browser) -> None:
    """Its session slides on beneath it; and the token alone, as a bearer's, is as good."""
    reply = await home.sign_in()
    token = reply.json["data"]["token"]

    assert f"Max-Age={90 * 86400};" in reply.headers["set-cookie"] + ";"
    assert [found["current"] for found in await Browser(portico, token=token).listed()] == [True]
