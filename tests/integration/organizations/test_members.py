"""Who belongs, as what, and who may change that."""

import asyncio
from collections.abc import Coroutine
from uuid import uuid4

import pytest

from portico.testing import Harness, Reply
from tests.integration.office.people import Office, code
from tests.integration.organizations.paths import ask, join, make_role, promote, role_of

pytestmark = pytest.mark.anyio
WAITED_FOR = "select exists (select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid)))"


async def test_the_people_of_an_organization_are_listed_by_name(portico: Harness, alpha: Office, beta: Office) -> None:
    """With address, role and since when, in pages; nobody of another organization among them."""
    await portico.rows("update portico.users set name = 'Ada', last_name = 'Lovelace' where id = $1", beta.guest.id)
    await portico.rows("update portico.users set name = 'Zoe' where id = $1", alpha.owner.id)

    first = (await ask(alpha, alpha.owner, "GET /members?limit=3")).json
    second = (await ask(alpha, alpha.owner, "GET /members?limit=3&page=2")).json

    assert first["meta"] == {"page": 1, "limit": 3, "total": 5, "total_pages": 2}
    assert [p["email"] for p in first["data"]] == ["editor@alpha.test", "guest@alpha.test", "member@alpha.test"]
    assert [(p["name"], p["role"]) for p in second["data"]] == [("", "member"), ("Zoe", "owner")]
    assert set(first["data"][0]) == {"user_id", "kind", "name", "email", "role", "since"}


async def test_a_service_is_no_person(portico: Harness, alpha: Office) -> None:
    """What an organization's key acts as is listed after the people, and not changed as one of them."""
    await portico.rows("update portico.users set kind = 'service' where id = $1", alpha.other.id)

    listed = (await ask(alpha, alpha.owner, "GET /members")).json
    touched = await ask(alpha, alpha.owner, f"DELETE /members/{alpha.other.id}")

    assert [m["kind"] for m in listed["data"]] == [*["person"] * 4, "service"]
    assert code(touched) == (404, "NOT_FOUND")


async def test_a_role_is_changed_and_counts_at_once(alpha: Office) -> None:
    """The very next call is judged by it; the audit knows the former one."""
    before = await ask(alpha, alpha.guest, "GET")

    changed = await ask(alpha, alpha.owner, f"PATCH /members/{alpha.guest.id}", role="member")

    after = await ask(alpha, alpha.guest, "GET")
    assert (changed.status, changed.json["data"]["role"]) == (200, "member")
    assert changed.headers["invalidates"] == "members, invitations"
    assert (before.status, after.status) == (403, 200)
    rows = await alpha.harness.rows("select action, target, metadata::text from portico.audit where outcome = 'done'")
    assert [tuple(row) for row in rows] == [
        ("member.role_changed", str(alpha.guest.id), '{"role": "member", "former": "guest"}')
    ]


async def test_a_role_that_is_not_there_is_refused(alpha: Office, beta: Office) -> None:
    """One of another organization's making is not there either."""
    await make_role(beta, "clerk", "papers:read")

    for role in ("clerk", "nothing"):
        reply = await ask(alpha, alpha.owner, f"PATCH /members/{alpha.guest.id}", role=role)

        assert [f["code"] for f in reply.json["errors"]["role"]] == ["VAL_UNKNOWN_ROLE"]


# -- nobody gives or takes away more than they may do themselves -------------------------------------------------------
async def registrar(alpha: Office) -> None:
    """Let the member handle members, and read papers, and nothing else."""
    await make_role(alpha, "registrar", "members:*", "papers:read")
    await ask(alpha, alpha.owner, f"PATCH /members/{alpha.member.id}", role="registrar")


@pytest.mark.parametrize("role", ["editor", "admin", "member"])
async def test_nobody_gives_more_than_they_hold(alpha: Office, role: str) -> None:
    """Neither to others nor to oneself."""
    await registrar(alpha)

    for user in (alpha.guest, alpha.member):
        reply = await ask(alpha, alpha.member, f"PATCH /members/{user.id}", role=role)

        assert code(reply) == (403, "AUTH_BEYOND_OWN_ROLE")
    assert await role_of(alpha, alpha.guest) == "guest"


async def test_one_gives_what_one_holds(alpha: Office) -> None:
    """Whoever handles members makes others so, and takes it back."""
    await registrar(alpha)

    given = await ask(alpha, alpha.member, f"PATCH /members/{alpha.guest.id}", role="registrar")
    taken = await ask(alpha, alpha.member, f"PATCH /members/{alpha.guest.id}", role="guest")

    assert (given.status, taken.status) == (200, 200)


async def test_nobody_touches_whoever_may_do_more(alpha: Office) -> None:
    """An editor is neither demoted nor removed by somebody who is less."""
    await registrar(alpha)

    demoted = await ask(alpha, alpha.member, f"PATCH /members/{alpha.editor.id}", role="guest")
    removed = await ask(alpha, alpha.member, f"DELETE /members/{alpha.editor.id}")

    assert code(demoted) == code(removed) == (403, "AUTH_BEYOND_OWN_ROLE")
    assert await role_of(alpha, alpha.editor) == "editor"


async def test_only_an_owner_makes_and_unmakes_owners(alpha: Office) -> None:
    """An admin may do everything else, but not that."""
    await promote(alpha, alpha.editor, "admin")

    replies = [
        await ask(alpha, alpha.editor, f"PATCH /members/{alpha.guest.id}", role="owner"),
        await ask(alpha, alpha.editor, f"PATCH /members/{alpha.editor.id}", role="owner"),
        await ask(alpha, alpha.editor, f"PATCH /members/{alpha.owner.id}", role="admin"),
        await ask(alpha, alpha.editor, f"DELETE /members/{alpha.owner.id}"),
    ]

    assert {code(reply) for reply in replies} == {(403, "AUTH_OWNERS_ONLY")}
    assert (await ask(alpha, alpha.owner, f"PATCH /members/{alpha.guest.id}", role="owner")).status == 200
    assert ("member.role_changed", "denied", str(alpha.guest.id)) in await alpha.audit()


# -- going -------------------------------------------------------------------------------------------------------------
async def test_a_removed_member_s_next_call_is_refused(alpha: Office, beta: Office) -> None:
    """With a live session, and no other organization takes the place of the one that is gone."""
    await join(beta, alpha.member)
    client = alpha.harness.client(alpha.member)
    before = await client.get("/api/v1/papers")

    removed = await ask(alpha, alpha.owner, f"DELETE /members/{alpha.member.id}")

    assert (before.status, removed.status) == (200, 200)
    assert code(await client.get("/api/v1/papers")) == (403, "AUTH_NO_ORGANIZATION")
    assert code(await client.get("/api/v1/papers", {"x-org-id": str(alpha.org.id)})) == (403, "FORBIDDEN")
    assert code(await ask(alpha, alpha.member, "GET")) == (404, "NOT_FOUND")


async def test_whoever_leaves_works_on_where_they_belong(alpha: Office, beta: Office) -> None:
    """The session in hand moves on; without another organization it works nowhere."""
    await join(beta, alpha.member)

    left = [await ask(alpha, user, "POST /leave") for user in (alpha.member, alpha.other)]

    assert [reply.status for reply in left] == [200, 200]
    assert await role_of(alpha, alpha.member) is None
    works = await alpha.harness.client(alpha.member).get("/api/v1/members")
    assert works.json["data"]["org"] == "beta"
    assert code(await alpha.harness.client(alpha.other).get("/api/v1/members")) == (403, "AUTH_NO_ORGANIZATION")


async def test_the_last_owner_stays(alpha: Office) -> None:
    """Whichever way they would go; with a second owner they may."""
    oneself = f"/members/{alpha.owner.id}"

    refused = [
        await ask(alpha, alpha.owner, "POST /leave"),
        await ask(alpha, alpha.owner, f"DELETE {oneself}"),
        await ask(alpha, alpha.owner, f"PATCH {oneself}", role="member"),
    ]

    assert {code(reply) for reply in refused} == {(409, "BIZ_LAST_OWNER")}
    assert await role_of(alpha, alpha.owner) == "owner"
    await promote(alpha, alpha.guest, "owner")
    assert (await ask(alpha, alpha.owner, "POST /leave")).status == 200


@pytest.mark.parametrize("how", ["leave", "remove each other", "demote each other"])
async def test_two_last_owners_do_not_both_go(alpha: Office, how: str) -> None:
    """At once, on two connections: one goes, the other stays."""
    await promote(alpha, alpha.guest, "owner")
    pairs = ((alpha.owner, alpha.guest), (alpha.guest, alpha.owner))

    if how == "leave":
        goings = [ask(alpha, who, "POST /leave") for who, _ in pairs]
    elif how == "remove each other":
        goings = [ask(alpha, who, f"DELETE /members/{other.id}") for who, other in pairs]
    else:
        goings = [ask(alpha, who, f"PATCH /members/{other.id}", role="guest") for who, other in pairs]
    replies = await asyncio.gather(*goings)

    assert [reply.status for reply in replies].count(200) == 1
    assert all(reply.status in {200, 403, 404, 409} for reply in replies)
    sql = "select count(*) from portico.members where org_id = $1 and role = 'owner'"
    assert [row[0] for row in await alpha.harness.rows(sql, alpha.org.id)] == [1]


async def meanwhile(alpha: Office, sql: str, asked: Coroutine[None, None, Reply]) -> Reply:
    """What is answered to whoever asks while another transaction, not yet committed, has run the statement."""
    await alpha.harness.rows("begin")
    await alpha.harness.rows(sql)
    asking = asyncio.create_task(asked)
    async with asyncio.timeout(10):
        while not (await alpha.harness.rows(WAITED_FOR))[0][0]:
            assert not asking.done()
    await alpha.harness.rows("commit")
    return await asking


async def test_the_second_of_two_last_owners_waits_for_the_first(alpha: Office) -> None:
    """While the first has not committed, nobody knows whether the second is the last one."""
    await promote(alpha, alpha.guest, "owner")
    first = f"delete from portico.members where user_id = '{alpha.owner.id}'"

    reply = await meanwhile(alpha, first, ask(alpha, alpha.guest, "POST /leave"))

    assert (code(reply), await role_of(alpha, alpha.guest)) == ((409, "BIZ_LAST_OWNER"), "owner")


async def test_a_role_that_is_given_more_meanwhile_is_judged_by_that(alpha: Office) -> None:
    """Or it could be given to somebody between what was read of it and what it is."""
    await make_role(alpha, "boss", "members:*", "papers:*")
    await make_role(alpha, "clerk", "papers:read")
    await ask(alpha, alpha.owner, f"PATCH /members/{alpha.editor.id}", role="boss")
    more = "update portico.roles set permissions = '{keys:create}' where name = 'clerk'"

    reply = await meanwhile(alpha, more, ask(alpha, alpha.editor, f"PATCH /members/{alpha.guest.id}", role="clerk"))

    assert (code(reply), await role_of(alpha, alpha.guest)) == ((403, "AUTH_BEYOND_OWN_ROLE"), "guest")


async def test_whoever_became_an_owner_meanwhile_is_judged_anew(alpha: Office) -> None:
    """An admin removes or demotes the guest that was there, not the owner that is there now."""
    await promote(alpha, alpha.editor, "admin")
    becomes = f"update portico.members set role = 'owner' where user_id = '{alpha.guest.id}'"

    demoted = await meanwhile(
        alpha, becomes, ask(alpha, alpha.editor, f"PATCH /members/{alpha.guest.id}", role="member")
    )
    await promote(alpha, alpha.guest, "guest")
    removed = await meanwhile(alpha, becomes, ask(alpha, alpha.editor, f"DELETE /members/{alpha.guest.id}"))

    assert code(demoted) == code(removed) == (409, "CONFLICT")
    assert await role_of(alpha, alpha.guest) == "owner"


async def test_whoever_is_nobody_here_is_not_found(alpha: Office, beta: Office) -> None:
    """Another organization's people, and nobody at all, alike."""
    for user_id in (beta.member.id, uuid4()):
        changed = await ask(alpha, alpha.owner, f"PATCH /members/{user_id}", role="guest")
        removed = await ask(alpha, alpha.owner, f"DELETE /members/{user_id}")

        assert code(changed) == code(removed) == (404, "NOT_FOUND")
    assert await role_of(beta, beta.member) == "member"
