"""A password shown again, changed, forgotten and chosen anew."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from asyncpg import InsufficientPrivilegeError

from portico import Conflict, UserContext
from portico.modules.identity import (
    NewToken,
    PasswordChange,
    PasswordShown,
    WrongPassword,
    change_password,
    confirm_password,
)
from portico.testing import Client, Harness
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
    register,
    sent,
    sign_in,
    token_sent,
    told,
)
from tests.integration.office.people import Office, code, fields
from tests.integration.organizations.test_members import meanwhile

pytestmark = pytest.mark.anyio
OTHER = "Another-Horse-2"
CHANGED = (EMAIL, "Your password was changed")
WAYS_IN = (
    "insert into portico.api_keys (key_hash, hint, name, user_id, scopes) values (sha256('k'), '', 'Mine', $1, '{*}')",
    "insert into portico.passkeys (user_id, credential_id, public_key, name) values ($1, 'c', 'p', 'Mine')",
    "insert into portico.identities (user_id, issuer, subject) values ($1, 'https://login.example.com', 'mine')",
    "insert into portico.recovery_codes (user_id, code_hash) values ($1, sha256('r'))",
    "update portico.users set totp_secret = 't', totp_since = now() where id = $1",
)
LEFT = """
select (select count(*) from portico.api_keys), (select count(*) from portico.passkeys),
       (select count(*) from portico.identities), (select count(*) from portico.recovery_codes), totp_since is not null
  from portico.users
"""


@pytest.fixture
async def alice(portico: Harness) -> Client:
    """Alice's browser, signed in."""
    await portico.member(EMAIL, password=PASSWORD)
    return await browser(portico)


async def forget(portico: Harness, email: str = EMAIL) -> str:
    """Ask for a link that resets the password; its token."""
    await post(portico, "password/forgot", email=email)
    return await token_sent(portico)


# -- changed -----------------------------------------------------------------------------------------------------------
async def test_a_changed_password_ends_all_other_sessions(portico: Harness, alice: Client) -> None:
    """The one in hand goes on under another token, and the old one is dead, in whoever's hands it is."""
    former, elsewhere = alice.cookies[COOKIE], (await browser(portico)).cookies[COOKIE]

    reply = await post(portico, "password", alice, current=PASSWORD, new=OTHER)

    latter = alice.cookies[COOKIE]
    assert reply.json == {"data": {"token": latter}}
    assert await alive(portico, former, elsewhere, latter) == [False, False, True]
    assert [(await sign_in(portico, password=word)).status for word in (PASSWORD, OTHER)] == [401, 200]
    assert await sent(portico) == [CHANGED]


async def test_changing_a_password_takes_the_one_so_far(portico: Harness, alice: Client) -> None:
    """A wrong one is told beside its member; five in a quarter of an hour lock this, and not the owner's sign-in."""
    wrong = [await post(portico, "password", alice, current="Wrong-Horse-1", new=OTHER) for _ in range(5)]
    locked = await post(portico, "password", alice, current=PASSWORD, new=OTHER)
    elsewhere = await post(portico, "sudo", await browser(portico), password=PASSWORD)
    portico.clock.advance(timedelta(minutes=16))

    assert {code(reply) for reply in wrong} == {(403, "AUTH_WRONG_PASSWORD")}
    assert fields(wrong[0]) == {"current": ["AUTH_WRONG_PASSWORD"]}
    assert code(locked) == code(elsewhere) == (429, "RATE_LIMIT_EXCEEDED")
    assert (await post(portico, "password", alice, current=PASSWORD, new=OTHER)).status == 200


async def test_a_new_password_meets_the_rules(portico: Harness, alice: Client) -> None:
    """All of them are told beside its member, and nothing is changed."""
    reply = await post(portico, "password", alice, current=PASSWORD, new="alice")

    assert (code(reply), set(fields(reply))) == ((422, "VALIDATION_ERROR"), {"new"})
    assert (await sign_in(portico)).status == 200


async def test_a_changed_password_kills_links_that_were_sent_before(portico: Harness, alice: Client) -> None:
    """Whoever could read the owner's mail an hour ago has nothing left."""
    token = await forget(portico)

    await post(portico, "password", alice, current=PASSWORD, new=OTHER)

    assert code(await post(portico, "password/reset", token=token, password=PASSWORD)) == (410, "AUTH_LINK_SPENT")


async def test_a_former_password_opens_no_session_while_it_is_changed(
    portico: Harness, alice: Client, alpha: Office
) -> None:
    """It was right when it was looked at; the change ends the sessions that it sees, and this one would be none."""
    changed = f"update portico.users set password_hash = 'another' where email = '{EMAIL}'"
    before = await portico.rows("select id from portico.sessions order by id")

    reply = await meanwhile(alpha, changed, sign_in(portico))

    assert code(reply) == (401, "AUTH_INVALID_CREDENTIALS")
    assert await portico.rows("select id from portico.sessions order by id") == before


async def test_of_two_changes_at_once_one_holds(portico: Harness) -> None:
    """The password that was verified is the one that is replaced."""
    user = await portico.member(EMAIL, password=PASSWORD)
    data = PasswordChange.model_validate({"current": PASSWORD, "new": OTHER})

    async with portico.context(UserContext, user=user) as ctx:
        ctx.found.update(former_hash="verified a moment ago", password_hash="new")
        with pytest.raises(Conflict):
            await change_password(ctx, data)


@pytest.mark.parametrize(
    "stmt",
    [
        "select portico.change_password_v1(:former, 'chosen', :proof, null)",
        "select portico.store_password_v1(:user, :former, 'chosen', :proof)",
        "select portico.sign_up_v1('eve@example.com', '', '', 'chosen', :token, :proof, now() + interval '1 day')",
        "select portico.challenge_address_v1('reset-password', 'alice@example.com', :token, :proof, now())",
        "select portico.change_email_v1('eve@example.com', :token, :proof, now() + interval '1 day')",
        "select portico.issue_challenge_v1('second-factor', :token, :proof, :user, null, now())",
    ],
)
@pytest.mark.parametrize("proof", [None, b"", bytes(32)])
async def test_no_injected_statement_takes_an_account_over(portico: Harness, stmt: Any, proof: bytes | None) -> None:
    """What leads to one wants a proof that only the application can make."""
    user = await portico.member(EMAIL)
    await portico.rows("update portico.users set password_hash = 'known'")

    async with portico.context(UserContext, user=user) as ctx:
        with pytest.raises(InsufficientPrivilegeError, match="needs a proof of the application"):
            await ctx.db.execute(stmt, user=user.id, former="known", token=bytes(32), proof=proof)


# -- forgotten ---------------------------------------------------------------------------------------------------------
async def test_a_forgotten_password_is_chosen_anew(portico: Harness, alice: Client) -> None:
    """With a link by mail: all sessions end, and the owner is told."""
    token = await forget(portico)

    reply = await post(portico, "password/reset", token=token, password=OTHER)

    assert reply.status == 200
    assert await alive(portico, alice.cookies[COOKIE]) == [False]
    assert [(await sign_in(portico, password=word)).status for word in (PASSWORD, OTHER)] == [401, 200]
    assert await sent(portico) == [(EMAIL, "Choose a new password"), CHANGED]


@pytest.mark.usefixtures("alice")
async def test_nobody_learns_which_addresses_have_accounts(portico: Harness) -> None:
    """Whoever forgets a password is answered the same; only who has an account gets a mail."""
    known, unknown = [await post(portico, "password/forgot", email=email) for email in (EMAIL, "nobody@example.com")]

    assert told(known) == told(unknown)
    assert await sent(portico) == [(EMAIL, "Choose a new password")]


@pytest.mark.usefixtures("alice")
async def test_a_replayed_reset_token_is_refused(portico: Harness) -> None:
    """And with the first one used, every other that is on its way is dead too."""
    older, newer = await forget(portico), await forget(portico)
    await post(portico, "password/reset", token=newer, password=OTHER)

    replies = [await post(portico, "password/reset", token=token, password="Third-Horse-3") for token in (newer, older)]

    assert [code(reply) for reply in replies] == [(410, "AUTH_LINK_SPENT")] * 2
    assert (await sign_in(portico, password=OTHER)).status == 200


@pytest.mark.usefixtures("alice")
async def test_of_many_who_use_a_link_at_once_one_succeeds(portico: Harness) -> None:
    """Whoever is slower finds it used."""
    token = await forget(portico)

    replies = await asyncio.gather(
        *(post(portico, "password/reset", token=token, password=f"Another-Horse-{n}") for n in range(5))
    )

    assert sorted(reply.status for reply in replies) == [200, 410, 410, 410, 410]
    assert len(await sent(portico)) == 2


@pytest.mark.usefixtures("alice")
async def test_a_reset_token_is_good_for_an_hour_and_for_nothing_else(portico: Harness) -> None:
    """It confirms no address, and no other token resets a password."""
    token = await forget(portico)
    await post(portico, "sign-up", email="bob@example.com", password=PASSWORD)
    foreign = await token_sent(portico)

    confused = [
        await post(portico, "verify-email", token=token),
        await post(portico, "email/confirm", token=token),
        await post(portico, "password/reset", token=foreign, password=OTHER),
    ]
    await age_links(portico, "1 hour")
    late = await post(portico, "password/reset", token=token, password=OTHER)

    assert [code(reply) for reply in (*confused, late)] == [(410, "AUTH_LINK_SPENT")] * 4
    assert (await sign_in(portico)).status == 200


@pytest.mark.usefixtures("alice")
async def test_a_password_that_breaks_the_rules_uses_no_token_up(portico: Harness) -> None:
    """Whoever mistypes tries again with the same link."""
    token = await forget(portico)

    weak = await post(portico, "password/reset", token=token, password="weak")
    strong = await post(portico, "password/reset", token=token, password=OTHER)

    assert (weak.status, strong.status) == (422, 200)


@pytest.mark.parametrize("word", ["Wilhelmina", "Feather", "annabelle"])
async def test_a_new_password_tells_nothing_of_its_owner(portico: Harness, word: str) -> None:
    """First name, last name and address are known of whoever has a link, or a session; neither is used up."""
    await register(portico, email="annabelle@example.com", name="Wilhelmina", last_name="Feather-Stone")
    client = portico.client()
    await sign_in(portico, client, email="annabelle@example.com")
    token = await forget(portico, "annabelle@example.com")

    changed = await post(portico, "password", client, current=PASSWORD, new=f"My-{word}-1")
    reset = await post(portico, "password/reset", token=token, password=f"My-{word}-1")

    assert fields(changed) == {"new": ["VAL_PASSWORD_LIKE_NAME"]}
    assert fields(reset) == {"password": ["VAL_PASSWORD_LIKE_NAME"]}
    assert (await sign_in(portico, email="annabelle@example.com")).status == 200
    assert (await post(portico, "password/reset", token=token, password=OTHER)).status == 200


async def test_a_reset_confirms_the_address(portico: Harness) -> None:
    """It was read there; and whoever signed up with somebody else's address has lost the account."""
    await post(portico, "sign-up", email=EMAIL, password=PASSWORD)
    token = await forget(portico)

    await post(portico, "password/reset", token=token, password=OTHER)

    assert [(await sign_in(portico, password=word)).status for word in (PASSWORD, OTHER)] == [401, 200]


@pytest.mark.parametrize(
    ("confirmed", "ways"), [("null", (0, 0, 0, 0, False)), ("now() - interval '1 day'", (1, 1, 1, 1, True))]
)
async def test_a_reset_that_confirms_the_address_leaves_no_other_way_in(
    portico: Harness, confirmed: str, ways: tuple[object, ...]
) -> None:
    """Where one may sign in unconfirmed, a stranger may have provided for later; an owner's own ways in stay."""
    user = await portico.member(EMAIL, password=PASSWORD)
    for stmt in WAYS_IN:
        await portico.rows(stmt, user.id)
    await portico.rows(f"update portico.users set email_verified_at = {confirmed} where id = $1", user.id)

    assert (await post(portico, "password/reset", token=await forget(portico), password=OTHER)).status == 200

    assert [tuple(row) for row in await portico.rows(LEFT)] == [ways]


# -- shown again -------------------------------------------------------------------------------------------------------
async def test_a_password_shown_again_lets_dangerous_actions_pass(portico: Harness, alice: Client) -> None:
    """For ten minutes; the session gets another token with it."""
    portico.clock.advance(timedelta(minutes=11))
    former = alice.cookies[COOKIE]

    refused = await post(portico, "email", alice, email="new@example.com")
    shown = await post(portico, "sudo", alice, password=PASSWORD)
    passed = await post(portico, "email", alice, email="new@example.com")

    assert code(refused) == (403, "AUTH_SUDO_REQUIRED")
    assert (shown.json["data"]["token"], passed.status) == (alice.cookies[COOKIE], 200)
    assert await alive(portico, former, alice.cookies[COOKIE]) == [False, True]


@pytest.mark.parametrize(
    "first", ["update portico.sessions set token_hash = sha256(token_hash)", "delete from portico.sessions"]
)
async def test_of_two_who_show_a_password_at_once_none_is_given_a_dead_token(
    portico: Harness, alice: Client, alpha: Office, *, first: str
) -> None:
    """The session has its token from the first, or is gone: the second is told so, and keeps its cookie."""
    reply = await meanwhile(alpha, first, post(portico, "sudo", alice, password=PASSWORD))

    assert code(reply) == (409, "CONFLICT")
    assert "set-cookie" not in reply.headers


async def test_nobody_fails_on_purpose_in_another_s_name(portico: Harness, alice: Client, alpha: Office) -> None:
    """What somebody else gets wrong counts for them alone; the password is one's own, not another account's."""
    bob = alpha.wire(alpha.owner)
    failed = [await bob.post(f"{AUTH}/sudo", {"password": PASSWORD}, headers=BROWSER) for _ in range(6)]

    assert [reply.status for reply in failed] == [403] * 5 + [429]
    assert (await post(portico, "sudo", alice, password=PASSWORD)).status == 200


async def test_in_process_there_is_no_session_to_go_on_with(portico: Harness) -> None:
    """The password is verified all the same."""
    user = await portico.member(EMAIL, password=PASSWORD)

    right, wrong = [
        await portico.app.as_(user).call(confirm_password, data=PasswordShown.model_validate({"password": word}))
        for word in (PASSWORD, OTHER)
    ]

    assert right.data == NewToken(token=None)
    assert isinstance(wrong.error, WrongPassword)


async def test_passwords_are_on_record(portico: Harness, alice: Client, alpha: Office) -> None:
    """What was done to one, and what was refused; never the password, nor a token."""
    await post(portico, "sudo", alice, password="Wrong-Horse-1")
    await post(portico, "password", alice, current=PASSWORD, new=OTHER)
    token = await forget(portico)
    await post(portico, "password/reset", token=token, password=PASSWORD)

    assert [(event, outcome) for event, outcome, _ in await alpha.audit()] == [
        ("user.login", "done"),
        ("user.sudo", "denied"),
        ("user.password_changed", "done"),
        ("user.password_forgotten", "done"),
        ("user.password_reset", "done"),
    ]
    written = str([tuple(row) for row in await portico.rows("select * from portico.audit")])
    assert not any(secret in written for secret in (PASSWORD, OTHER, "Wrong-Horse-1", token, alice.cookies[COOKIE]))
