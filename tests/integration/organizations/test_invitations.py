"""Invitations by mail: who may send them, who may answer them, and once."""

import asyncio
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from portico import User
from portico.testing import Client, Harness, Reply
from tests.integration.office.people import Office, code, fields
from tests.integration.organizations.paths import ORGANIZATIONS, ask, join, make_role, promote, role_of

pytestmark = pytest.mark.anyio
CAROL = "carol@x.test"


async def invite(alpha: Office, email: str = CAROL, role: str = "member", *, by: User | None = None) -> Reply:
    """Invite somebody into the office."""
    return await ask(alpha, by or alpha.owner, "POST /invitations", email=email, role=role)


async def token(portico: Harness) -> str:
    """The token in the link of the newest mail."""
    text = (await portico.mails())[-1].text
    link = next(word for word in text.split() if word.startswith("https://"))
    return parse_qs(urlsplit(link).query)["token"][0]


async def answer(client: Client, how: str, told: str) -> Reply:
    """Accept or decline."""
    return await client.post(f"{ORGANIZATIONS}/invitations/{how}", {"token": told})


async def preview(portico: Harness, told: str) -> Reply:
    """What whoever has the token sees."""
    return await portico.client().get(f"{ORGANIZATIONS}/invitations/preview?token={told}")


async def test_an_invitation_comes_by_mail(portico: Harness, alpha: Office) -> None:
    """With a link whose token is kept as a hash alone, and shown to nobody else."""
    made = await invite(alpha)

    mail, told = (await portico.mails())[-1], await token(portico)
    assert (made.status, made.json["data"]["email"], made.json["data"]["role"]) == (201, CAROL, "member")
    assert (mail.to, "Alpha" in mail.subject, f"/invitation?token={told}" in mail.text) == (CAROL, True, True)
    assert told not in made.text
    kept = await portico.rows("select i::text || a.metadata::text from portico.invitations i, portico.audit a")
    assert told not in kept[0][0]
    assert ("member.invited", "done", made.json["data"]["id"]) in await alpha.audit()


async def test_an_organization_of_any_name_invites(portico: Harness, alpha: Office) -> None:
    """What no header carries, such as the joiner within an emoji, is left out of the subject."""
    await portico.rows("update portico.organizations set name = $1", "\U0001f469\u200d\U0001f4bb Stu\u00addio")

    await invite(alpha)

    assert (await portico.mails())[-1].subject == "owner@alpha.test invites you to \U0001f469\U0001f4bb Studio"


async def test_the_invited_sees_what_it_is_about(portico: Harness, alpha: Office) -> None:
    """Before signing in: who invites whom, to what, as what, until when."""
    await portico.rows("update portico.users set name = 'Olga' where id = $1", alpha.owner.id)
    await invite(alpha)

    shown = (await preview(portico, await token(portico))).json["data"]

    assert shown.pop("expires_at")
    assert shown == {"organization": "Alpha", "invited_by": "Olga", "email": CAROL, "role": "member"}
    assert code(await preview(portico, "a-token-of-nobody")) == (404, "NOT_FOUND")


async def test_whoever_accepts_belongs_and_works_there(portico: Harness, alpha: Office) -> None:
    """In whatever case the address was written; the session in hand works in the organization at once."""
    await make_role(alpha, "clerk", "papers:read")
    await invite(alpha, CAROL.upper(), "clerk")
    carol = await portico.member(CAROL)

    accepted = await answer(portico.client(carol), "accept", await token(portico))

    assert (accepted.status, accepted.json["data"]["name"]) == (200, "Alpha")
    assert await role_of(alpha, carol) == "clerk"
    assert (await portico.client(carol).get("/api/v1/papers")).status == 200
    rows = await portico.rows("select org_id, user_id from portico.audit where action = 'invitation.accepted'")
    assert [tuple(row) for row in rows] == [(alpha.org.id, carol.id)]
    assert (await ask(alpha, alpha.owner, "GET /invitations")).json["data"] == []


@pytest.mark.parametrize(("how", "event"), [("accept", "invitation.accepted"), ("decline", "invitation.declined")])
async def test_nobody_else_answers(portico: Harness, alpha: Office, *, how: str, event: str) -> None:
    """Neither another address nor the same one unconfirmed; the attempt is on record, the invitation stays open."""
    await invite(alpha)
    told = await token(portico)
    mallory, carol = await portico.member("mallory@x.test"), await portico.member(CAROL)
    await portico.rows("update portico.users set email_verified_at = null where id = $1", carol.id)

    replies = [await answer(portico.client(user), how, told) for user in (mallory, carol)]

    assert {code(reply) for reply in replies} == {(403, "AUTH_OTHER_ADDRESS")}
    sql = "select user_id from portico.audit where action = $1 and outcome = 'denied' order by id"
    assert [row[0] for row in await portico.rows(sql, event)] == [mallory.id, carol.id]
    assert (await preview(portico, told)).status == 200


@pytest.mark.parametrize(("first", "second"), [("accept", "accept"), ("accept", "decline"), ("decline", "accept")])
async def test_an_invitation_is_answered_once(portico: Harness, alpha: Office, *, first: str, second: str) -> None:
    """Then its link says so."""
    await invite(alpha)
    told, client = await token(portico), portico.client(await portico.member(CAROL))

    replies = [await answer(client, how, told) for how in (first, second)]

    assert replies[0].status == 200
    assert code(replies[1]) == code(await preview(portico, told)) == (410, "BIZ_INVITATION_ANSWERED")


async def test_two_answers_at_once_are_one(portico: Harness, alpha: Office) -> None:
    """The second waits, and finds it answered."""
    await invite(alpha)
    told, client = await token(portico), portico.client(await portico.member(CAROL))

    replies = await asyncio.gather(*(answer(client, "accept", told) for _ in range(3)))

    assert sorted(reply.status for reply in replies) == [200, 410, 410]


async def test_a_week_is_enough(portico: Harness, alpha: Office) -> None:
    """Then it has expired, for the one who looks and the one who answers; it is listed still, to be sent again."""
    await invite(alpha)
    told, client = await token(portico), portico.client(await portico.member(CAROL))

    portico.clock.advance(timedelta(days=7))

    assert code(await answer(client, "accept", told)) == (410, "BIZ_INVITATION_EXPIRED")
    assert code(await preview(portico, told)) == (410, "BIZ_INVITATION_EXPIRED")
    assert (await ask(alpha, alpha.owner, "GET /invitations")).json["meta"]["total"] == 1


async def test_a_revoked_invitation_is_worthless(portico: Harness, alpha: Office) -> None:
    """And cannot be revoked again."""
    path = f"DELETE /invitations/{(await invite(alpha)).json['data']['id']}"
    told, client = await token(portico), portico.client(await portico.member(CAROL))

    revoked = await ask(alpha, alpha.owner, path)

    assert revoked.status == 200
    assert code(await answer(client, "accept", told)) == (410, "BIZ_INVITATION_CLOSED")
    assert code(await ask(alpha, alpha.owner, path)) == (404, "NOT_FOUND")


async def test_inviting_again_renews(portico: Harness, alpha: Office) -> None:
    """One open invitation an address: another link, date and role, and the former link is nobody's."""
    first = await invite(alpha)
    old = await token(portico)
    portico.clock.advance(timedelta(days=3))

    second = await invite(alpha, CAROL.upper(), "guest")

    assert first.json["data"]["id"] == second.json["data"]["id"]
    assert first.json["data"]["expires_at"] < second.json["data"]["expires_at"]
    assert code(await preview(portico, old)) == (404, "NOT_FOUND")
    assert (await preview(portico, await token(portico))).json["data"]["role"] == "guest"


async def test_whoever_belongs_is_not_invited(alpha: Office, beta: Office) -> None:
    """Somebody of another organization is, as anybody is."""
    assert code(await invite(alpha, "MEMBER@alpha.test")) == (409, "BIZ_ALREADY_MEMBER")
    assert (await invite(alpha, beta.member.email)).status == 201


@pytest.mark.parametrize(("role", "refusal"), [("owner", "AUTH_OWNERS_ONLY"), ("editor", "AUTH_BEYOND_OWN_ROLE")])
async def test_nobody_invites_to_more_than_they_hold(
    portico: Harness, alpha: Office, *, role: str, refusal: str
) -> None:
    """And no mail goes out."""
    await make_role(alpha, "greeter", "invitations:create")
    await ask(alpha, alpha.owner, f"PATCH /members/{alpha.guest.id}", role="greeter")

    reply = await invite(alpha, role=role, by=alpha.guest)

    assert (code(reply), await portico.mails()) == ((403, refusal), [])
    assert (await invite(alpha, role="greeter", by=alpha.guest)).status == 201


@pytest.mark.parametrize(("to", "refusal"), [("editor", "AUTH_BEYOND_OWN_ROLE"), ("owner", "AUTH_OWNERS_ONLY")])
async def test_nobody_takes_an_invitation_to_more_away(
    portico: Harness, alpha: Office, *, to: str, refusal: str
) -> None:
    """Neither revokes it, nor puts one to less in its place; an expired one is in nobody's way."""
    await make_role(alpha, "host", "invitations:*")
    await ask(alpha, alpha.owner, f"PATCH /members/{alpha.other.id}", role="host")
    made = (await invite(alpha, role=to)).json["data"]["id"]

    replaced = await invite(alpha, role="guest", by=alpha.other)
    revoked = await ask(alpha, alpha.other, f"DELETE /invitations/{made}")

    assert code(replaced) == code(revoked) == (403, refusal)
    kept = await portico.rows("select role, status from portico.invitations")
    assert [tuple(row) for row in kept] == [(to, "open")]
    portico.clock.advance(timedelta(days=8))
    assert (await invite(alpha, role="guest", by=alpha.other)).status == 201


async def test_an_invitation_to_nothing_is_refused(alpha: Office) -> None:
    """Beside its member."""
    assert fields(await invite(alpha, role="nothing")) == {"role": ["VAL_UNKNOWN_ROLE"]}
    assert fields(await invite(alpha, "carol")) == {"email": ["VAL_INVALID_EMAIL"]}


async def test_what_a_removed_member_has_sent_is_worthless(portico: Harness, alpha: Office) -> None:
    """Or they would come back by an address of their own."""
    await promote(alpha, alpha.editor, "admin")
    await invite(alpha, role="admin", by=alpha.editor)
    told, client = await token(portico), portico.client(await portico.member(CAROL))

    await ask(alpha, alpha.owner, f"DELETE /members/{alpha.editor.id}")

    assert code(await answer(client, "accept", told)) == (410, "BIZ_INVITATION_CLOSED")


async def test_what_a_member_has_sent_falls_with_their_role(portico: Harness, alpha: Office) -> None:
    """Whatever it was to: they may have invited an address of their own, for the day that they may do less."""
    await promote(alpha, alpha.editor, "admin")
    await invite(alpha, by=alpha.editor)
    told = await token(portico)

    await ask(alpha, alpha.owner, f"PATCH /members/{alpha.editor.id}", role="member")

    assert code(await preview(portico, told)) == (410, "BIZ_INVITATION_CLOSED")


@pytest.mark.parametrize(
    "change",
    [
        "update portico.roles set permissions = '{papers:read}' where name = 'boss'",
        "update portico.members set role = 'member', custom_role = null where role = 'boss'",
        "delete from portico.members where role = 'boss'",
    ],
)
async def test_an_invitation_gives_no_more_than_its_sender_may_give_by_now(
    portico: Harness, alpha: Office, change: str
) -> None:
    """Whichever way they lost it: their role may do less, the command line or a token gave them another, they left."""
    await make_role(alpha, "boss", "invitations:*", "papers:*")
    await make_role(alpha, "writer", "papers:*")
    await ask(alpha, alpha.owner, f"PATCH /members/{alpha.guest.id}", role="boss")
    assert (await invite(alpha, role="writer", by=alpha.guest)).status == 201
    told, carol = await token(portico), await portico.member(CAROL)

    await portico.rows(change)

    assert code(await answer(portico.client(carol), "accept", told)) == (410, "BIZ_INVITATION_CLOSED")
    assert await role_of(alpha, carol) is None


async def test_whoever_belongs_is_given_nothing_by_an_invitation(portico: Harness, alpha: Office) -> None:
    """So that it does not matter what its sender may give."""
    await promote(alpha, alpha.editor, "admin")
    await invite(alpha, role="admin", by=alpha.editor)
    told, carol = await token(portico), await portico.member(CAROL)
    await join(alpha, carol)
    await promote(alpha, alpha.editor, "member")

    assert (await answer(portico.client(carol), "accept", told)).status == 200
    assert await role_of(alpha, carol) == "member"


async def test_nobody_s_mailbox_is_flooded(alpha: Office) -> None:
    """Five mails an hour to one address, whoever of the organization sends them."""
    replies = [await invite(alpha) for _ in range(6)]

    assert [reply.status for reply in replies] == [201] * 5 + [429]
    assert (await invite(alpha, "dave@x.test")).status == 201
