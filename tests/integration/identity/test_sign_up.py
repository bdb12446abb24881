"""Signing up: an address is confirmed by mail, and nobody learns which addresses have accounts."""

from collections.abc import AsyncIterator

import pytest

from portico import App
from portico.modules.identity import Address, NewUser, resend_verification
from portico.modules.identity import sign_up as register_account
from portico.testing import Harness, open_harness
from tests.integration.identity.alice import (
    EMAIL,
    PASSWORD,
    age_links,
    post,
    register,
    sent,
    sign_in,
    sign_up,
    token_sent,
    told,
)
from tests.integration.office.people import code, fields

pytestmark = pytest.mark.anyio
CONFIRM = (EMAIL, "Please confirm your email address")
EXISTS = (EMAIL, "You already have an account")


@pytest.fixture
async def open_house(portico: Harness, portico_app: App) -> AsyncIterator[Harness]:
    """The office, where people may know who has an account and sign in before they have confirmed their address."""
    settings = {"portico_reveal_accounts": True, "portico_email_verification": "optional"}
    async with open_harness(portico_app, portico.urls, **settings) as harness:
        yield harness


async def test_whoever_confirms_their_address_may_sign_in(portico: Harness) -> None:
    """A link in a mail, good once."""
    registered = await sign_up(portico)
    early = await sign_in(portico)
    confirmed = await post(portico, "verify-email", token=await token_sent(portico))

    assert (registered.status, registered.json) == (201, {"data": {"email": EMAIL}})
    assert code(early) == (401, "AUTH_INVALID_CREDENTIALS")
    assert confirmed.status == 200
    assert (await sign_in(portico)).status == 200


async def test_a_password_is_kept_as_a_slow_hash_alone(portico: Harness) -> None:
    """Argon2id, salted: two of the same differ."""
    await sign_up(portico)
    await sign_up(portico, email="bob@example.com")

    kept = [row[0] for row in await portico.rows("select password_hash from portico.users")]

    assert all(hashed.startswith("$argon2id$") for hashed in kept)
    assert len(set(kept)) == 2
    assert PASSWORD not in "".join(kept)


@pytest.mark.parametrize(
    ("password", "finding"),
    [
        ("Short-1", "VAL_TOO_SHORT"),
        ("x" * 201, "VAL_TOO_LONG"),
        ("lower-case-1", "VAL_WEAK_PASSWORD"),
        ("UPPER-CASE-1", "VAL_WEAK_PASSWORD"),
        ("No-Digit-Here", "VAL_WEAK_PASSWORD"),
        ("NoSpecial123", "VAL_WEAK_PASSWORD"),
    ],
)
async def test_a_weak_password_is_refused(portico: Harness, password: str, finding: str) -> None:
    """With a code of its own, and without a letter of it."""
    reply = await sign_up(portico, password=password)

    assert (code(reply), fields(reply)) == ((422, "VALIDATION_ERROR"), {"password": [finding]})
    assert password not in reply.text


@pytest.mark.parametrize("email", ["", "alice", "alice@", "a b@x.test", "x" * 310 + "@example.com"])
async def test_an_address_that_is_none_is_refused(portico: Harness, email: str) -> None:
    """Beside its member."""
    reply = await sign_up(portico, email=email)

    assert (code(reply), set(fields(reply))) == ((422, "VALIDATION_ERROR"), {"email"})


async def test_a_link_is_good_once_and_for_a_day(portico: Harness) -> None:
    """Used, too old, made up, or made for something else: all the same."""
    await register(portico)
    used = await token_sent(portico)
    await sign_up(portico, email="bob@example.com")
    old = await token_sent(portico)
    await age_links(portico, "24 hours")
    await post(portico, "password/forgot", email=EMAIL)
    foreign = await token_sent(portico)

    replies = [await post(portico, "verify-email", token=token) for token in (used, old, foreign, "made-up")]

    assert len({used, old, foreign}) == 3
    assert [code(reply) for reply in replies] == [(410, "AUTH_LINK_SPENT")] * 4


async def test_a_known_address_is_answered_like_a_new_one(portico: Harness) -> None:
    """To the letter, whatever its case; its owner is told by mail, and the account stays as it was."""
    await register(portico)

    known = await sign_up(portico, email="Alice@example.com", password="Another-Horse-2", name="Mallory")
    new = await sign_up(portico, email="Bobby@example.com", password="Another-Horse-2", name="Mallory")

    assert told(known)[:2] == told(new)[:2]
    assert known.text == new.text.replace("Bobby", "Alice")
    assert (await sent(portico))[1:] == [EXISTS, ("Bobby@example.com", CONFIRM[1])]
    assert (await sign_in(portico)).status == 200
    assert [row[0] for row in await portico.rows("select name from portico.users order by email")] == [
        "Mallory",
        "Alice",
    ]


async def test_an_account_that_waits_for_its_confirmation_keeps_its_password(portico: Harness) -> None:
    """Whoever signs up with the address again is told by mail, as for any account; the first link stays good."""
    await sign_up(portico)
    token = await token_sent(portico)

    await sign_up(portico, password="Another-Horse-2")
    await post(portico, "verify-email", token=token)

    assert await sent(portico) == [CONFIRM, EXISTS]
    assert (await sign_in(portico)).status == 200
    assert (await sign_in(portico, password="Another-Horse-2")).status == 401


async def test_whoever_signs_in_too_early_gets_another_mail(portico: Harness) -> None:
    """Only with the right password, and no more than five an hour; the answer is that of a wrong password."""
    await sign_up(portico)

    wrong = await sign_in(portico, password="Another-Horse-2")
    replies = [await sign_in(portico, portico.client(ip=f"192.0.{n}.2")) for n in range(7)]

    assert [told(reply) for reply in replies] == [told(wrong)] * 7
    assert await sent(portico) == [CONFIRM] * 6
    assert (await post(portico, "verify-email", token=await token_sent(portico))).status == 200


async def test_a_confirmation_is_sent_again_on_demand(portico: Harness) -> None:
    """Answered the same for every address; a mail goes to who has something to confirm."""
    await register(portico, email="bob@example.com")
    await sign_up(portico)

    replies = [
        await post(portico, "verify-email/resend", email=email)
        for email in (EMAIL, "bob@example.com", "nobody@example.com")
    ]

    assert [told(reply) for reply in replies[1:]] == [told(replies[0])] * 2
    assert (await sent(portico))[2:] == [CONFIRM]


async def test_mails_to_an_address_are_limited(portico: Harness) -> None:
    """Five an hour from one network, whatever asks for them, for addresses with and without an account alike."""
    await register(portico)

    for email, left in ((EMAIL, 4), ("nobody@example.com", 5)):
        paths = ["password/forgot", "verify-email/resend"] * 3
        replies = [await post(portico, path, email=email) for path in paths]
        assert [reply.status for reply in replies] == [200] * left + [429] * (6 - left)

    assert (await post(portico, "password/forgot", portico.client(ip="192.0.2.9"), email=EMAIL)).status == 200


async def test_an_application_may_tell_who_has_an_account(open_house: Harness) -> None:
    """Beside the member, where the setting says so; and let people in who have confirmed nothing yet."""
    await sign_up(open_house)

    again = await sign_up(open_house, email="ALICE@example.com")

    assert (code(again), fields(again)) == ((409, "AUTH_EMAIL_TAKEN"), {"email": ["AUTH_EMAIL_TAKEN"]})
    assert (await sign_in(open_house)).status == 200
    assert await sent(open_house) == [CONFIRM]


async def test_a_sign_up_is_on_record(portico: Harness) -> None:
    """The new account as its target; a known address as known."""
    await sign_up(portico)
    await sign_up(portico)

    rows = await portico.rows("select action, target, metadata::text from portico.audit order by id")

    user = str((await portico.rows("select id from portico.users"))[0][0])
    assert [tuple(row) for row in rows] == [("user.sign_up", user, "{}"), ("user.sign_up", None, '{"known": true}')]


async def test_a_program_signs_people_up_too(portico: Harness) -> None:
    """In-process, where it is told the new account's id."""
    nobody = portico.app.as_(None)
    data = NewUser.model_validate({"email": EMAIL, "password": PASSWORD})

    made = await nobody.call(register_account, data=data)
    again = await nobody.call(resend_verification, data=Address(email=EMAIL))

    assert made.data is not None
    assert made.data.id == (await portico.rows("select id from portico.users"))[0][0]
    assert again.error is None
    assert await sent(portico) == [CONFIRM, CONFIRM]
