"""Nobody becomes more than they were made: not by another organization's roles, nor by what they set up before."""

import pytest

from portico.testing import Client, Harness, Reply
from tests.integration.identity.alice import token_sent
from tests.promises.registry import Callers, gather, key_of
from tests.promises.shop import refusal

pytestmark = pytest.mark.anyio
ORGANIZATIONS = "/api/v1/organizations"
ROLE_ELSEWHERE = """
    insert into portico.roles (org_id, name, permissions) select id, 'treasurer', '{*}' from portico.organizations
     where slug = 'theirs' returning org_id
"""
ROLES = "select u.email, m.role from portico.members m join portico.users u on u.id = m.user_id where m.org_id = $1"


@pytest.fixture
async def callers(registry: Harness) -> Callers:
    """Two organizations and their people."""
    return await gather(registry)


async def test_a_role_of_another_organization_is_none_here(registry: Harness, callers: Callers) -> None:
    """Whoever is invited, changed, or made a key: by its name, and with the other organization in body or header."""
    theirs = (await registry.rows(ROLE_ELSEWHERE))[0][0]
    member = await registry.member("member@x.test")
    before = await registry.rows(ROLES, callers.org)
    asked: tuple[tuple[str, dict[str, object]], ...] = (
        ("POST /invitations", {"email": "new@x.test"}),
        (f"PATCH /members/{member.id}", {}),
        ("POST /keys", {"name": "key", "scopes": ["members:read"]}),
    )
    for route, body in asked:
        sent = {**body, "role": "treasurer", "org_id": str(theirs), "custom_role": "owner"}
        reply = await ask(callers, "owner", route, **sent)
        contradicted = await ask(callers, "owner", route, header=theirs, **sent)

        assert (refusal(reply), [*reply.json["errors"]]) == ((422, "VALIDATION_ERROR"), ["role"])
        assert refusal(contradicted)[0] in {403, 404}
    assert await registry.rows(ROLES, callers.org) == before


@pytest.mark.parametrize("goes", ["is demoted", "leaves", "is removed", "deletes the account"])
async def test_what_an_admin_set_up_dies_with_the_role(registry: Harness, callers: Callers, goes: str) -> None:
    """An invitation to a second address of their own as an admin is worthless once they are none."""
    second = registry.client(await registry.member("second@x.test"))
    invited = await ask(callers, "admin", "POST /invitations", email="second@x.test", role="admin")
    token, admin = await token_sent(registry), await registry.member("admin@x.test")

    if goes == "is demoted":
        gone = await ask(callers, "owner", f"PATCH /members/{admin.id}", role="member")
    elif goes == "deletes the account":
        gone = await callers.of["admin"].send("DELETE", "/api/auth/me")
    elif goes == "leaves":
        gone = await ask(callers, "admin", "POST /leave")
    else:
        gone = await ask(callers, "owner", f"DELETE /members/{admin.id}")
    accepted = await second.post(f"{ORGANIZATIONS}/invitations/accept", {"token": token})

    assert (invited.status, gone.status) == (201, 200)
    assert refusal(accepted) == (410, "BIZ_INVITATION_CLOSED")


async def test_a_key_s_scopes_bind_whatever_its_owner_becomes(registry: Harness, callers: Callers) -> None:
    """A member's key for everything does what a member may; an owner's key for one thing does that one thing."""
    member, owner = await registry.member("member@x.test"), await registry.member("owner@x.test")
    path = f"{ORGANIZATIONS}/{callers.org}"
    wide, narrow = await key_of(registry, member, "*"), await key_of(registry, owner, "organizations:read")

    found = [
        [(await client.get(path)).status, (await client.send("PATCH", path, json={"name": "Taken"})).status]
        for client in (wide, narrow)
    ]

    assert found == [[403, 403], [200, 403]]


async def test_a_founder_says_no_more_than_name_and_place(callers: Callers) -> None:
    """Plan, id and who founded it are nobody's to send."""
    extras = {"plan": "business", "id": str(callers.org), "created_by": str(callers.owner.id), "version": 7}

    made = await callers.of["stranger"].post(ORGANIZATIONS, {"name": "New", "slug": "new", **extras})

    assert (made.status, made.json["data"]["plan"], made.json["data"]["version"]) == (201, "free", 1)
    assert made.json["data"]["id"] != str(callers.org)


async def ask(callers: Callers, who: str, route: str, *, header: object = None, **json: object) -> Reply:
    """Ask something of the organization."""
    client: Client = callers.of[who]
    method, _, path = route.partition(" ")
    headers = {"x-org-id": str(header)} if header else None
    return await client.send(method, f"{ORGANIZATIONS}/{callers.org}{path}", json=json or None, headers=headers)
