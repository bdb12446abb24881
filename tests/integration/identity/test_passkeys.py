"""Passkeys: added, used to sign in and to be oneself again, removed; and answers that are not what was asked for."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from asyncpg import InsufficientPrivilegeError

from portico import UserContext
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
from tests.integration.identity.authenticators import PRESENT, VERIFIED, Device, bytes_of, turn_on
from tests.integration.office.people import code

pytestmark = pytest.mark.anyio
REFUSED = (403, "AUTH_PASSKEY_REFUSED")
BEGIN_AGAIN = (410, "AUTH_BEGIN_AGAIN")


@dataclass
class Desk:
    """Alice's browser, signed in, and the device beside it."""

    portico: Harness
    client: Client
    device: Device = field(default_factory=Device)

    async def options(self, path: str, client: Client | None = None) -> dict[str, Any]:
        """What the application wants to know of a passkey."""
        reply = await post(self.portico, f"{path}/options", client)
        assert reply.status == 200, reply.text
        options: dict[str, Any] = reply.json["data"]["options"]
        return options

    async def add(self, name: str = "Laptop") -> Reply:
        """Make a passkey and add it."""
        options = await self.options("passkeys", self.client)
        return await post(self.portico, "passkeys", self.client, name=name, credential=self.device.create(options))

    async def sign_in(self, client: Client | None = None, device: Device | None = None) -> Reply:
        """Sign in by a passkey."""
        credential = (device or self.device).get(await self.options("sign-in/passkey"))
        return await post(self.portico, "sign-in/passkey", client, credential=credential)

    async def sudo(self) -> Reply:
        """Show the passkey again."""
        credential = self.device.get(await self.options("sudo/passkey", self.client))
        return await post(self.portico, "sudo/passkey", self.client, credential=credential)


@pytest.fixture
async def desk(portico: Harness) -> Desk:
    """Alice, who has no passkey yet."""
    await portico.member(EMAIL, password=PASSWORD)
    return Desk(portico, await browser(portico))


@pytest.fixture
async def alice(desk: Desk) -> Desk:
    """Alice, who has a passkey."""
    assert (await desk.add()).status == 201
    return desk


async def later(portico: Harness) -> None:
    """The password was shown too long ago."""
    await portico.rows("update portico.sessions set authenticated_at = now() - interval '11 minutes'")


# -- added -------------------------------------------------------------------------------------------------------------
async def test_a_passkey_is_asked_for_that_verifies_its_user(desk: Desk) -> None:
    """Found without a name, with the host of the settings, whatever the request says of its own."""
    headers = {**BROWSER, "host": "evil.example", "x-forwarded-host": "evil.example"}
    reply = await desk.client.post(f"{AUTH}/passkeys/options", headers=headers)

    options = reply.json["data"]["options"]
    assert options["rp"] == {"id": "testserver", "name": "office"}
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert (options["attestation"], options["user"]["name"]) == ("none", EMAIL)
    assert len(bytes_of(options["challenge"])) >= 16


async def test_an_added_passkey_is_listed_and_told_of(desk: Desk) -> None:
    """The next one is asked for on another device."""
    reply = await desk.add()

    listed = (await desk.client.get(f"{AUTH}/passkeys")).json["data"]
    assert (reply.status, reply.headers["location"]) == (201, f"{AUTH}/passkeys/{listed[0]['id']}")
    assert [listed[0][key] for key in ("name", "last_used_at")] == ["Laptop", None]
    assert listed == [reply.json["data"]]
    assert await sent(desk.portico) == [(EMAIL, "A passkey was added to your account")]
    held = (await desk.options("passkeys", desk.client))["excludeCredentials"]
    assert [bytes_of(one["id"]) for one in held] == [desk.device.id]


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://testserver"},
        {"host": "evil.example"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
    ],
)
async def test_a_passkey_made_elsewhere_or_by_nobody_is_refused(desk: Desk, lie: dict[str, Any]) -> None:
    """Another origin, another relying party, no user verified or present."""
    desk.device = replace(desk.device, **lie)

    assert code(await desk.add()) == REFUSED
    assert (await desk.client.get(f"{AUTH}/passkeys")).json["data"] == []


async def test_a_challenge_is_answered_once(desk: Desk) -> None:
    """Even by an answer that was refused: nobody tries twice."""
    options = await desk.options("passkeys", desk.client)
    wrong = replace(desk.device, origin="https://evil.example").create(options)
    right = desk.device.create(options)

    first = await post(desk.portico, "passkeys", desk.client, name="x", credential=wrong)
    second = await post(desk.portico, "passkeys", desk.client, name="x", credential=right)

    assert [code(first), code(second)] == [REFUSED, BEGIN_AGAIN]


async def test_a_challenge_of_somebody_else_is_refused(desk: Desk) -> None:
    """Nobody plants a passkey of theirs in another's account, or another's in their own."""
    bob = desk.portico.client(await desk.portico.member("bob@example.com"))
    credential = desk.device.create(await desk.options("passkeys", bob))

    reply = await post(desk.portico, "passkeys", desk.client, name="x", credential=credential)

    assert code(reply) == REFUSED


async def test_a_challenge_for_something_else_or_made_up_is_none(desk: Desk) -> None:
    """A sign-in's does not add a passkey; one that is too old adds none either."""
    options = await desk.options("passkeys", desk.client)
    await age_links(desk.portico, "6 minutes")
    asked = [options, {**options, **(await desk.options("sign-in/passkey"))}, {**options, "challenge": "bWFkZS11cA"}]

    for challenge in asked:
        credential = desk.device.create(challenge)
        reply = await post(desk.portico, "passkeys", desk.client, name="x", credential=credential)
        assert code(reply) == BEGIN_AGAIN


async def test_a_passkey_is_one_account_s(alice: Desk) -> None:
    """Neither the same account nor another adds it again."""
    bob = Desk(alice.portico, alice.portico.client(await alice.portico.member("bob@example.com")), alice.device)

    assert code(await alice.add()) == code(await bob.add()) == (409, "AUTH_PASSKEY_KNOWN")


async def test_twenty_passkeys_are_enough(desk: Desk) -> None:
    """One more is refused."""
    fill = """insert into portico.passkeys (user_id, credential_id, public_key, name)
              select id, n::text::bytea, '', 'one' from portico.users, generate_series(1, 20) n"""
    await desk.portico.rows(fill)

    assert code(await desk.add()) == (409, "BIZ_TOO_MANY_PASSKEYS")


async def test_who_only_holds_the_cookie_adds_and_removes_none(alice: Desk) -> None:
    """A password or a passkey must have been shown a moment ago."""
    path = f"{AUTH}/passkeys/{(await alice.client.get(f'{AUTH}/passkeys')).json['data'][0]['id']}"
    await later(alice.portico)

    for reply in (
        await post(alice.portico, "passkeys/options", alice.client),
        await alice.client.send("DELETE", path, headers=BROWSER),
    ):
        assert code(reply) == (403, "AUTH_SUDO_REQUIRED")


async def test_no_statement_adds_a_passkey_without_a_proof(desk: Desk) -> None:
    """Whatever SQL somebody slips into a call: neither the table nor the function takes it."""
    user = await desk.portico.member(EMAIL)
    by_table = "insert into portico.passkeys (credential_id, public_key, name) values ('1', '2', 'x')"
    by_function = "select portico.add_passkey_v1('1'::bytea, '2'::bytea, 0, 'x', '\\x00'::bytea)"

    for statement in (by_table, by_function):
        async with desk.portico.context(UserContext, user=user) as ctx:
            with pytest.raises(InsufficientPrivilegeError):
                await ctx.db.execute(statement)


# -- used --------------------------------------------------------------------------------------------------------------
async def test_a_passkey_signs_in_without_a_name(alice: Desk) -> None:
    """The session says how it was opened, and the browser's former one ends."""
    former = alice.client.cookies[COOKIE]

    reply = await alice.sign_in(alice.client)

    latter = alice.client.cookies[COOKIE]
    assert reply.json["data"]["token"] == latter
    assert await alive(alice.portico, former, latter) == [False, True]
    assert [(await alice.client.get(f"{AUTH}/sessions")).json["data"][0]["method"]] == ["passkey"]
    assert (await alice.client.get(f"{AUTH}/passkeys")).json["data"][0]["last_used_at"] is not None


async def test_a_passkey_is_both_factors(alice: Desk) -> None:
    """It is had, and it has verified its user: no code is asked for."""
    await turn_on(alice.portico, alice.client)

    assert "second_factor" in (await sign_in(alice.portico)).json["data"]
    assert "token" in (await alice.sign_in()).json["data"]


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://testserver.evil.example"},
        {"host": "evil.example"},
        {"flags": PRESENT},
        {"user": ""},
        {"key": Device().key},
        {"id": b"another"},
    ],
)
async def test_a_signature_for_something_else_signs_nobody_in(alice: Desk, lie: dict[str, Any]) -> None:
    """Another origin or relying party, a user unverified or unnamed, another key, an unknown credential."""
    reply = await alice.sign_in(device=replace(alice.device, **lie))

    assert code(reply) == REFUSED
    assert "set-cookie" not in reply.headers
    rows = await alice.portico.rows("select metadata::text from portico.audit where outcome = 'denied'")
    assert [row[0] for row in rows] == ['{"code": "AUTH_PASSKEY_REFUSED"}']


async def test_a_signature_is_good_once(alice: Desk) -> None:
    """Whoever has recorded it comes too late, and so does one who waits."""
    credential = alice.device.get(await alice.options("sign-in/passkey"))
    first = await post(alice.portico, "sign-in/passkey", credential=credential)
    replayed = await post(alice.portico, "sign-in/passkey", credential=credential)
    waiting = alice.device.get(await alice.options("sign-in/passkey"))
    await age_links(alice.portico, "6 minutes")
    late = await post(alice.portico, "sign-in/passkey", credential=waiting)

    assert [first.status, code(replayed), code(late)] == [200, BEGIN_AGAIN, BEGIN_AGAIN]


async def test_a_counter_that_goes_back_is_a_copy(alice: Desk) -> None:
    """Of the two devices, the one behind is refused; authenticators that count nothing are taken."""
    copy = replace(alice.device)
    assert (await alice.sign_in()).status == 200

    assert code(await alice.sign_in(device=copy)) == REFUSED
    await alice.portico.rows("update portico.passkeys set sign_count = 0")
    for _ in range(2):
        assert (await alice.sign_in(device=replace(alice.device, count=-1))).status == 200


async def test_a_removed_passkey_signs_nobody_in(alice: Desk) -> None:
    """Only its owner removes it."""
    bob = alice.portico.client(await alice.portico.member("bob@example.com"))
    path = f"{AUTH}/passkeys/{(await alice.client.get(f'{AUTH}/passkeys')).json['data'][0]['id']}"

    theirs = await bob.send("DELETE", path, headers=BROWSER)
    still = await alice.sign_in()
    removed = await alice.client.send("DELETE", path, headers=BROWSER)

    assert [theirs.status, still.status, removed.status] == [404, 200, 200]
    assert code(await alice.sign_in()) == REFUSED


async def test_a_passkey_is_renamed_by_its_owner(alice: Desk) -> None:
    """Somebody else's is not found."""
    bob = alice.portico.client(await alice.portico.member("bob@example.com"))
    path = f"{AUTH}/passkeys/{(await alice.client.get(f'{AUTH}/passkeys')).json['data'][0]['id']}"

    theirs = await bob.send("PATCH", path, json={"name": "Mine"}, headers=BROWSER)
    own = await alice.client.send("PATCH", path, json={"name": "Phone"}, headers=BROWSER)

    assert [theirs.status, own.json["data"]["name"]] == [404, "Phone"]


@pytest.mark.parametrize("path", ["sign-in/passkey", "passkeys"])
async def test_junk_is_refused_and_breaks_nothing(alice: Desk, path: str) -> None:
    """Whatever a stranger sends in the place of bytes."""
    good = alice.device.create(await alice.options("passkeys", alice.client))
    used = alice.device.get(await alice.options("sign-in/passkey"))
    credential = used if path == "sign-in/passkey" else good

    for spoil in spoilings(credential):
        reply = await post(alice.portico, path, alice.client, name="x", credential=spoil)
        assert reply.status in {403, 410, 422}, reply.text
        alice.portico.clock.advance(timedelta(seconds=10))


# -- oneself again -----------------------------------------------------------------------------------------------------
async def test_a_passkey_shown_again_lets_dangerous_actions_pass(alice: Desk) -> None:
    """As a password does; the session gets another token."""
    former = alice.client.cookies[COOKIE]
    await later(alice.portico)

    reply = await alice.sudo()

    assert reply.json == {"data": {"token": alice.client.cookies[COOKIE]}}
    assert await alive(alice.portico, former, alice.client.cookies[COOKIE]) == [False, True]
    assert (await post(alice.portico, "totp", alice.client)).status == 200
    held = (await alice.options("sudo/passkey", alice.client))["allowCredentials"]
    assert [bytes_of(one["id"]) for one in held] == [alice.device.id]


async def test_only_one_s_own_passkey_shows_that_it_is_oneself(alice: Desk) -> None:
    """Not somebody else's at the desk, nor a signature that was made to sign in, nor one's own at another's desk."""
    bob = Desk(alice.portico, alice.portico.client(await alice.portico.member("bob@example.com")))
    await bob.add()
    await later(alice.portico)
    asked = [await alice.options("sudo/passkey", alice.client) for _ in range(2)]
    to_sign_in = await alice.options("sign-in/passkey")

    replies = [
        await shown(alice, bob.device.get(asked[0])),
        await shown(alice, alice.device.get(to_sign_in)),
        await shown(bob, alice.device.get(asked[1])),
    ]

    assert [code(reply) for reply in replies] == [REFUSED, BEGIN_AGAIN, REFUSED]
    assert code(await post(alice.portico, "totp", alice.client)) == (403, "AUTH_SUDO_REQUIRED")


async def shown(desk: Desk, credential: dict[str, Any]) -> Reply:
    """Show a passkey again, at somebody's desk."""
    return await post(desk.portico, "sudo/passkey", desk.client, credential=credential)


def spoilings(credential: dict[str, Any]) -> list[dict[str, Any]]:
    """A credential with one part after another broken."""
    response = credential["response"]
    broken = [{**credential, "response": {**response, part: junk}} for part in response for junk in ("", "AAAA", "é!")]
    return [{**credential, "rawId": "!"}, {**credential, "type": "password"}, *broken]
