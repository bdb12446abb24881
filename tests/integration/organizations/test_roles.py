"""Roles of an organization's own making."""

from datetime import timedelta

import pytest

from tests.integration.office.people import Office, code, fields
from tests.integration.organizations.paths import ask, make_role, promote

pytestmark = pytest.mark.anyio
CLERK: dict[str, object] = {"name": "clerk", "description": "Reads.", "permissions": ["papers:read"]}


async def test_a_role_is_made_of_permissions(alpha: Office) -> None:
    """And listed after the application's own, in this organization alone."""
    made = await ask(alpha, alpha.owner, "POST /roles", **CLERK | {"permissions": ["papers:*", "papers:*"]})

    listed = (await ask(alpha, alpha.owner, "GET /roles")).json["data"]
    role = {"name": "clerk", "description": "Reads.", "permissions": ["papers:*"], "built_in": False, "version": 1}
    assert (made.status, made.json["data"]) == (201, role)
    assert made.headers["location"].endswith("/roles/clerk")
    assert [r["name"] for r in listed] == ["owner", "admin", "member", "editor", "guest", "clerk"]
    assert [r["permissions"] for r in listed if r["name"] in {"owner", "editor"}] == [["*"], ["desk:sit", "papers:*"]]


async def test_what_roles_are_made_of_is_known(alpha: Office) -> None:
    """What the actions ask for, what the application's roles hold, and all about each thing; `*` is no part of it."""
    await make_role(alpha, "overseer", "roles:read")
    await ask(alpha, alpha.owner, f"PATCH /members/{alpha.guest.id}", role="overseer")

    told = (await ask(alpha, alpha.guest, "GET /permissions")).json["data"]

    assert {"roles:read", "roles:*", "desk:sit", "papers:write", "members:delete"} <= {p["name"] for p in told}
    assert "*" not in {p["name"] for p in told}
    assert [p["name"] for p in told if p["held"]] == ["roles:read"]


@pytest.mark.parametrize("permission", ["papers:burn", "*", "papers", "x:*", ""])
async def test_a_permission_that_no_action_asks_for_is_refused(alpha: Office, permission: str) -> None:
    """By its place in the list; when a role is made and when it is changed."""
    await make_role(alpha, "other", "papers:read")
    wanted = ["papers:read", permission]

    made = await ask(alpha, alpha.owner, "POST /roles", **CLERK | {"permissions": wanted})
    changed = await ask(alpha, alpha.owner, "PATCH /roles/other", permissions=wanted)

    assert code(made) == code(changed) == (422, "VALIDATION_ERROR")
    assert fields(made) == fields(changed) == {"permissions.1": ["VAL_UNKNOWN_PERMISSION"]}


@pytest.mark.parametrize("name", ["owner", "editor", "clerk"])
async def test_a_name_is_taken_once(alpha: Office, name: str) -> None:
    """By the built-in roles, the application's, and those that there are; not by another organization's."""
    await make_role(alpha, "clerk", "papers:read")

    reply = await ask(alpha, alpha.owner, "POST /roles", **CLERK | {"name": name})

    assert code(reply) == (409, "BIZ_ROLE_EXISTS")


async def test_two_organizations_may_call_different_roles_alike(alpha: Office, beta: Office) -> None:
    """A name is an organization's own."""
    for office, permission in ((alpha, "papers:read"), (beta, "papers:write")):
        assert (await make_role(office, "clerk", permission))["permissions"] == [permission]


async def test_a_role_that_the_application_comes_to_have_too_is_given_from_then_on(alpha: Office) -> None:
    """Whoever has the organization's own of that name keeps what it allows, neither more nor less."""
    own = "insert into portico.roles (org_id, name, permissions) values ($1, 'guest', '{papers:*}')"
    await alpha.harness.rows(own, alpha.org.id)
    await alpha.harness.rows("update portico.members set custom_role = role where user_id = $1", alpha.guest.id)

    before = await alpha.wire(alpha.guest).get("/api/v1/papers")
    given = await ask(alpha, alpha.owner, f"PATCH /members/{alpha.guest.id}", role="guest")
    after = await alpha.wire(alpha.guest).get("/api/v1/papers")

    assert [before.status, given.status, after.status] == [200, 200, 403]


async def test_a_changed_role_counts_at_the_very_next_call(alpha: Office) -> None:
    """Nothing of it is kept anywhere: more is more at once, less is less."""
    await make_role(alpha, "clerk", "papers:write")
    await ask(alpha, alpha.owner, f"PATCH /members/{alpha.guest.id}", role="clerk")
    client, seen = alpha.wire(alpha.guest), []

    for permissions in (["papers:read"], ["papers:write"], ["papers:*"]):
        changed = await ask(alpha, alpha.owner, "PATCH /roles/clerk", permissions=permissions)
        seen.append((changed.status, (await client.get("/api/v1/papers")).status))

    assert seen == [(200, 200), (200, 403), (200, 200)]


async def test_a_stale_change_of_a_role_is_refused(alpha: Office) -> None:
    """With `version`, only if nobody changed it meanwhile; what is not sent stays."""
    await make_role(alpha, "clerk", "papers:read")

    first = await ask(alpha, alpha.owner, "PATCH /roles/clerk", description="Files.", version=1)
    second = await ask(alpha, alpha.owner, "PATCH /roles/clerk", description="Sits.", version=1)

    assert (first.json["data"]["version"], first.json["data"]["permissions"]) == (2, ["papers:read"])
    assert code(second) == (409, "BIZ_STALE_VERSION")


async def test_a_role_in_use_stays(alpha: Office) -> None:
    """As long as somebody has it or is invited to it; then it goes."""
    await make_role(alpha, "clerk", "papers:read")
    await ask(alpha, alpha.owner, f"PATCH /members/{alpha.guest.id}", role="clerk")
    invited = await ask(alpha, alpha.owner, "POST /invitations", email="new@x.test", role="clerk")

    held = await ask(alpha, alpha.owner, "DELETE /roles/clerk")
    await ask(alpha, alpha.owner, f"PATCH /members/{alpha.guest.id}", role="guest")
    awaited = await ask(alpha, alpha.owner, "DELETE /roles/clerk")
    await ask(alpha, alpha.owner, f"DELETE /invitations/{invited.json['data']['id']}")
    gone = await ask(alpha, alpha.owner, "DELETE /roles/clerk")

    assert code(held) == code(awaited) == (409, "BIZ_ROLE_IN_USE")
    assert gone.status == 200
    assert code(await ask(alpha, alpha.owner, "DELETE /roles/clerk")) == (404, "NOT_FOUND")


async def test_an_expired_invitation_holds_no_role(alpha: Office) -> None:
    """Nobody can accept it any more: the role goes, and the invitation with it."""
    await make_role(alpha, "clerk", "papers:read")
    await ask(alpha, alpha.owner, "POST /invitations", email="new@x.test", role="clerk")
    alpha.harness.clock.advance(timedelta(days=7))

    assert (await ask(alpha, alpha.owner, "DELETE /roles/clerk")).status == 200
    assert (await ask(alpha, alpha.owner, "GET /invitations")).json["data"] == []


async def test_a_built_in_role_is_nobody_s_to_change(alpha: Office) -> None:
    """It is not there to be changed: it stands in the application's code."""
    changed = await ask(alpha, alpha.owner, "PATCH /roles/editor", permissions=["papers:read"])
    deleted = await ask(alpha, alpha.owner, "DELETE /roles/editor")

    assert code(changed) == code(deleted) == (404, "NOT_FOUND")


async def test_nobody_puts_into_a_role_what_they_do_not_hold(alpha: Office) -> None:
    """Neither by making one, nor by changing one, the own one least of all; nor do they touch one that may do more."""
    await make_role(alpha, "roler", "roles:*", "papers:read")
    await make_role(alpha, "strong", "papers:write")
    await ask(alpha, alpha.owner, f"PATCH /members/{alpha.guest.id}", role="roler")

    refused = [
        await ask(alpha, alpha.guest, "POST /roles", **CLERK | {"permissions": ["papers:*"]}),
        await ask(alpha, alpha.guest, "PATCH /roles/roler", permissions=["roles:*", "members:update"]),
        await ask(alpha, alpha.guest, "PATCH /roles/strong", permissions=["papers:read"]),
        await ask(alpha, alpha.guest, "DELETE /roles/strong"),
    ]

    assert {code(reply) for reply in refused} == {(403, "AUTH_BEYOND_OWN_ROLE")}
    assert (await ask(alpha, alpha.guest, "POST /roles", **CLERK)).status == 201


async def test_an_organization_has_a_hundred_roles_at_most(alpha: Office) -> None:
    """No list grows without end."""
    sql = """insert into portico.roles (org_id, name, permissions)
             select $1, 'r' || n, '{papers:read}' from generate_series(1, 100) n"""
    await alpha.harness.rows(sql, alpha.org.id)

    assert code(await ask(alpha, alpha.owner, "POST /roles", **CLERK)) == (409, "BIZ_TOO_MANY_ROLES")


async def test_whoever_lost_the_permission_makes_no_role(alpha: Office) -> None:
    """An admin may; the same person a moment later may not."""
    await promote(alpha, alpha.other, "admin")
    allowed = await ask(alpha, alpha.other, "POST /roles", **CLERK)
    await promote(alpha, alpha.other, "guest")

    assert allowed.status == 201
    assert code(await ask(alpha, alpha.other, "POST /roles", **CLERK | {"name": "other"})) == (403, "FORBIDDEN")
