"""The second factor: an authenticator app, and the codes that stand in for it."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

import anyio
import pytest

from portico import Misconfigured
from portico.adapters.joserfc import JweSealer
from portico.testing import Client, Harness, Reply
from tests.integration.identity.alice import (
    AUTH,
    BROWSER,
    COOKIE,
    EMAIL,
    PASSWORD,
    age_links,
    alive,
    browser,
    post,
    sent,
    sign_in,
)
from tests.integration.identity.authenticators import App, begin, turn_on
from tests.integration.office.people import code, fields

pytestmark = pytest.mark.anyio


@pytest.fixture
async def alice(portico: Harness) -> Client:
    """Alice's browser, signed in."""
    await portico.member(EMAIL, password=PASSWORD)
    return await browser(portico)


@pytest.fixture
async def app(portico: Harness, alice: Client) -> App:
    """Alice's second factor, which is on."""
    return await turn_on(portico, alice)


async def ticket(portico: Harness) -> str:
    """The first step of signing in."""
    return str((await sign_in(portico)).json["data"]["second_factor"])


async def second(portico: Harness, shown: str, client: Client | None = None, **codes: str) -> Reply:
    """The second step."""
    return await post(portico, "sign-in/second-factor", client, ticket=shown, **codes)


async def audited(portico: Harness, event: str) -> list[tuple[str, str]]:
    """Outcomes of an event, with what was noted."""
    rows = await portico.rows("select outcome, metadata::text from portico.audit where action = $1 order by id", event)
    return [(row[0], row[1]) for row in rows]


# -- on and off --------------------------------------------------------------------------------------------------------
async def test_a_secret_comes_typed_as_an_address_and_as_a_picture(portico: Harness, alice: Client) -> None:
    """160 bits (RFC 4226), with the application and the account beside it; the picture needs nothing from elsewhere."""
    data = (await post(portico, "totp", alice)).json["data"]

    uri = urlsplit(data["uri"])
    assert (uri.scheme, uri.netloc, unquote(uri.path)) == ("otpauth", "totp", f"/office:{EMAIL}")
    assert parse_qs(uri.query) == {"secret": [data["secret"]], "issuer": ["office"]}
    assert len(data["secret"]) == 32
    assert data["qr"].startswith("data:image/svg+xml")
    assert (await alice.get(f"{AUTH}/totp/setup")).json["data"] == data


async def test_nothing_is_on_before_a_code_has_shown_that_the_app_works(portico: Harness, alice: Client) -> None:
    """A wrong code changes nothing; who is locked out by a slip of the finger would be worse off than before."""
    app = await begin(portico, alice)

    wrong = await post(portico, "totp/confirm", alice, code=app.code(7))

    assert code(wrong) == (403, "AUTH_WRONG_CODE")
    assert fields(wrong) == {"code": ["AUTH_WRONG_CODE"]}
    assert (await alice.get(f"{AUTH}/totp")).json["data"] == {"since": None, "recovery_codes": 0}
    assert "token" in (await sign_in(portico)).json["data"]
    assert await sent(portico) == []


async def test_a_code_turns_it_on(portico: Harness, alice: Client) -> None:
    """Ten recovery codes are shown, the session has another token, and a mail tells the owner."""
    former = alice.cookies[COOKIE]
    app = await begin(portico, alice)

    reply = await post(portico, "totp/confirm", alice, code=f"{app.code()[:3]} {app.code()[3:]}")

    data, latter = reply.json["data"], alice.cookies[COOKIE]
    assert (len(set(data["recovery_codes"])), data["token"]) == (10, latter)
    assert await alive(portico, former, latter) == [False, True]
    assert await sent(portico) == [(EMAIL, "Your account asks for a second factor now")]
    assert (await alice.get(f"{AUTH}/me")).json["data"]["two_factor"] is True
    assert code(await post(portico, "totp", alice)) == (409, "AUTH_SECOND_FACTOR_IN_USE")
    assert code(await alice.get(f"{AUTH}/totp/setup")) == (404, "NOT_FOUND")


async def test_the_database_can_read_neither_secret_nor_recovery_codes(portico: Harness, app: App) -> None:
    """The secret is sealed for its account under the application's key; of the codes there are hashes."""
    row = (await portico.rows("select id, totp_secret from portico.users where totp_since is not null"))[0]
    kept = await portico.rows("select code_hash from portico.recovery_codes")
    services = portico.app.running.pipeline.services

    assert app.secret.encode() not in row["totp_secret"]
    assert len(services.sealer.unseal(row["totp_secret"], b"totp" + row["id"].bytes)) == 20
    for key, whose in ((services.sealer, UUID(int=1)), (JweSealer(bytes(32)), row["id"])):
        with pytest.raises(Misconfigured, match="SECRET_KEY"):
            key.unseal(row["totp_secret"], b"totp" + whose.bytes)
    assert {len(row[0]) for row in kept} == {32}


async def test_a_secret_under_another_key_is_for_the_operator_to_mend(
    portico: Harness, app: App, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever signs in is told that another try does not help, and the log says which setting it is."""
    foreign = JweSealer(bytes(32)).seal(bytes(20), b"totp")
    await portico.rows("update portico.users set totp_secret = $1 where totp_since is not null", foreign)

    reply = await second(portico, await ticket(portico), code=app.code())

    assert (code(reply), reply.json["retryable"]) == ((500, "SYS_CONFIG_ERROR"), False)
    assert "SECRET_KEY" in caplog.text
    assert "SECRET_KEY" not in reply.text


async def test_turning_it_off_forgets_everything(portico: Harness, alice: Client, app: App) -> None:
    """A password is enough again; tickets on their way are worth nothing, and a mail tells the owner."""
    waiting, former = await ticket(portico), alice.cookies[COOKIE]

    reply = await alice.send("DELETE", f"{AUTH}/totp", headers=BROWSER)

    assert (reply.status, reply.json["data"]["token"]) == (200, alice.cookies[COOKIE])
    assert await alive(portico, former, alice.cookies[COOKIE]) == [False, True]
    assert code(await second(portico, waiting, code=app.code())) == (410, "AUTH_BEGIN_AGAIN")
    assert "token" in (await sign_in(portico)).json["data"]
    assert await portico.rows("select from portico.recovery_codes") == []
    assert (await sent(portico))[-1] == (EMAIL, "Your account asks for no second factor any more")
    assert code(await alice.send("DELETE", f"{AUTH}/totp", headers=BROWSER)) == (404, "NOT_FOUND")


@pytest.mark.parametrize("what", ["POST totp", "GET totp/setup", "POST totp/recovery-codes", "DELETE totp"])
async def test_who_only_holds_the_cookie_changes_nothing(portico: Harness, alice: Client, what: str) -> None:
    """A password must have been shown a moment ago."""
    await portico.rows("update portico.sessions set authenticated_at = now() - interval '11 minutes'")
    method, _, path = what.partition(" ")

    assert code(await alice.send(method, f"{AUTH}/{path}", headers=BROWSER)) == (403, "AUTH_SUDO_REQUIRED")


async def test_turning_it_on_shows_no_password(portico: Harness, alice: Client) -> None:
    """A code of a new app says nothing of who holds the session: what wants a password wants it as before."""
    app = await begin(portico, alice)
    await portico.rows("update portico.sessions set authenticated_at = now() - interval '11 minutes'")

    assert (await post(portico, "totp/confirm", alice, code=app.code())).status == 200
    assert code(await post(portico, "totp/recovery-codes", alice)) == (403, "AUTH_SUDO_REQUIRED")


# -- signing in --------------------------------------------------------------------------------------------------------
async def test_a_ticket_and_a_code_sign_in(portico: Harness, app: App) -> None:
    """With a token and a cookie as any sign-in; the browser's former session ends."""
    client = await browser_with_session(portico)
    former = client.cookies[COOKIE]

    reply = await second(portico, await ticket(portico), client, code=app.code())

    assert reply.json["data"]["token"] == client.cookies[COOKIE]
    assert await alive(portico, former, client.cookies[COOKIE]) == [False, True]
    assert (await client.get(f"{AUTH}/sessions")).json["data"][0]["method"] == "password"
    assert (await audited(portico, "user.login"))[-1] == ("done", '{"second_factor": "totp"}')


@pytest.mark.parametrize("steps", [-2, -1, 0, 1, 2])
async def test_clocks_may_differ_by_one_step(portico: Harness, app: App, steps: int) -> None:
    """Of 30 seconds (RFC 6238, section 5.2)."""
    app.wait(5)

    reply = await second(portico, await ticket(portico), code=app.code(steps))

    assert reply.status == (200 if abs(steps) < 2 else 403)


async def test_a_code_is_good_once(portico: Harness, app: App) -> None:
    """Whoever looks over a shoulder comes too late, and so does an older code that was never used."""
    app.wait(3)
    assert (await second(portico, await ticket(portico), code=app.code())).status == 200

    for steps in (0, -1):
        assert code(await second(portico, await ticket(portico), code=app.code(steps))) == (403, "AUTH_WRONG_CODE")
    app.wait()
    assert (await second(portico, await ticket(portico), code=app.code())).status == 200


async def test_of_two_who_use_a_code_at_once_one_comes_in(portico: Harness, app: App) -> None:
    """The database decides."""
    tickets = [await ticket(portico) for _ in range(3)]

    statuses = await together([partial(second, portico, shown, code=app.code()) for shown in tickets])

    assert sorted(statuses) == [200, 403, 403]


async def test_the_code_that_turned_it_on_signs_nobody_in(portico: Harness, alice: Client) -> None:
    """It is used already."""
    app = await begin(portico, alice)
    await post(portico, "totp/confirm", alice, code=app.code())

    assert code(await second(portico, await ticket(portico), code=app.code())) == (403, "AUTH_WRONG_CODE")


async def test_a_ticket_is_good_once(portico: Harness, app: App) -> None:
    """Whatever code comes with it."""
    shown = await ticket(portico)
    await second(portico, shown, code=app.code())
    app.wait()

    assert code(await second(portico, shown, code=app.code())) == (410, "AUTH_BEGIN_AGAIN")


async def test_a_ticket_lasts_five_minutes(portico: Harness, app: App) -> None:
    """Then the password is to be shown again."""
    shown = await ticket(portico)
    await age_links(portico, "6 minutes")  # the clock has been moved on

    assert code(await second(portico, shown, code=app.code())) == (410, "AUTH_BEGIN_AGAIN")


async def test_five_wrong_tries_end_a_ticket(portico: Harness, app: App) -> None:
    """Wherever they come from; a try is counted before it is judged, so that many at once gain nothing."""
    shown = await ticket(portico)
    addresses = [portico.client(ip=f"192.0.2.{n}") for n in range(8)]
    guesses = [partial(second, portico, shown, client, code=app.code(9)) for client in addresses]

    statuses = await together(guesses)
    late = await second(portico, shown, portico.client(ip="192.0.2.9"), code=app.code())

    assert sorted(statuses) == [403] * 5 + [410] * 3
    assert code(late) == (410, "AUTH_BEGIN_AGAIN")
    assert ("denied", '{"code": "AUTH_WRONG_CODE"}') in await audited(portico, "user.login")


async def test_new_tickets_bring_no_new_tries_from_the_same_network(portico: Harness, app: App) -> None:
    """Whoever has the password goes on guessing after a quarter of an hour; the owner elsewhere is not held up."""
    for _ in range(5):
        await second(portico, await ticket(portico), code=app.code(9))

    held_up = await second(portico, await ticket(portico), code=app.code())
    elsewhere = await second(portico, await ticket(portico), portico.client(ip="192.0.2.9"), code=app.code())
    app.wait(32)

    assert code(held_up) == (429, "RATE_LIMIT_EXCEEDED")
    assert elsewhere.status == 200
    assert (await second(portico, await ticket(portico), code=app.code())).status == 200


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", None])
async def test_what_cannot_be_a_code_uses_up_no_try(portico: Harness, app: App, typed: str | None) -> None:
    """It is told beside its field."""
    pending = await ticket(portico)

    tries = [await post(portico, "sign-in/second-factor", ticket=pending, code=typed) for _ in range(6)]

    assert {tuple(fields(reply)) for reply in tries} == {("code",)}
    assert (await second(portico, pending, code=app.code())).status == 200


async def test_a_ticket_of_nobody_is_none(portico: Harness, app: App) -> None:
    """Nor is a token that was sent out for something else."""
    await post(portico, "password/forgot", email=EMAIL)
    link = (await portico.mails())[-1].text.partition("token=")[2].split()[0]

    for shown in ("made-up", link):
        assert code(await second(portico, shown, code=app.code())) == (410, "AUTH_BEGIN_AGAIN")


# -- recovery codes ----------------------------------------------------------------------------------------------------
async def test_a_recovery_code_stands_in_for_the_app_once(portico: Harness, alice: Client, app: App) -> None:
    """However it is written."""
    used = app.recovery_codes[3]

    first = await second(portico, await ticket(portico), recovery_code=f" {used.upper().replace('-', ' ')}")
    again = await second(portico, await ticket(portico), recovery_code=used)
    other = await second(portico, await ticket(portico), recovery_code=app.recovery_codes[4])

    assert [first.status, code(again), other.status] == [200, (403, "AUTH_WRONG_CODE"), 200]
    assert fields(again) == {"recovery_code": ["AUTH_WRONG_CODE"]}
    assert (await alice.get(f"{AUTH}/totp")).json["data"]["recovery_codes"] == 8
    assert (await audited(portico, "user.login"))[-1] == ("done", '{"second_factor": "recovery-code"}')


async def test_somebody_else_s_codes_are_wrong(portico: Harness, app: App) -> None:
    """They are bound to their owner."""
    bob = await portico.member("bob@example.com")
    theirs = await turn_on(portico, portico.client(bob))

    by_app = await second(portico, await ticket(portico), code=theirs.code())
    by_recovery = await second(portico, await ticket(portico), recovery_code=theirs.recovery_codes[0])

    assert code(by_app) == code(by_recovery) == (403, "AUTH_WRONG_CODE")
    assert theirs.secret != app.secret


async def test_new_recovery_codes_take_the_place_of_the_old(portico: Harness, alice: Client, app: App) -> None:
    """Where a second factor is on, and a password was shown."""
    bob = await portico.member("bob@example.com")

    codes = (await post(portico, "totp/recovery-codes", alice)).json["data"]["recovery_codes"]
    former = await second(portico, await ticket(portico), recovery_code=app.recovery_codes[0])
    latter = await second(portico, await ticket(portico), recovery_code=codes[0])

    assert [code(former), latter.status] == [(403, "AUTH_WRONG_CODE"), 200]
    assert code(await post(portico, "totp/recovery-codes", portico.client(bob))) == (404, "NOT_FOUND")


async def browser_with_session(portico: Harness) -> Client:
    """A browser whose session is somebody else's."""
    client = portico.client()
    await portico.member("bob@example.com", password=PASSWORD)
    await sign_in(portico, client, email="bob@example.com")
    return client


async def together(calls: Sequence[Callable[[], Awaitable[Reply]]]) -> list[int]:
    """The statuses of calls made at once."""
    statuses: list[int] = []

    async def run(call: Callable[[], Awaitable[Reply]]) -> None:
        statuses.append((await call()).status)

    async with anyio.create_task_group() as group:
        for call in calls:
            group.start_soon(run, call)
    return statuses
