"""Switching between organizations, and deleting one."""

from datetime import timedelta

import pytest

from portico.testing import Harness
from tests.integration.office.people import Office, code
from tests.integration.organizations.paths import ORGANIZATIONS, ask, join, make_key, promote

pytestmark = pytest.mark.anyio


async def works_in(office: Office, header: dict[str, str] | None = None) -> str:
    """Where the member's session works."""
    reply = await office.harness.client(office.member).get("/api/v1/members", header)
    return str(reply.json["data"]["org"] if reply.status == 200 else reply.json["code"])


async def test_the_session_in_hand_is_switched(alpha: Office, beta: Office) -> None:
    """It works in the other organization from then on, where no header says otherwise."""
    await join(beta, alpha.member)

    before = await works_in(alpha)
    switched = await ask(beta, alpha.member, "POST /switch")

    assert (before, switched.json["data"]["slug"], await works_in(alpha)) == ("alpha", "beta", "beta")
    assert await works_in(alpha, {"x-org-id": str(alpha.org.id)}) == "alpha"


async def test_nobody_switches_to_where_they_do_not_belong(alpha: Office, beta: Office) -> None:
    """It is not there for them, and the session stays where it is."""
    reply = await ask(beta, alpha.member, "POST /switch")

    assert (code(reply), await works_in(alpha)) == ((404, "NOT_FOUND"), "alpha")


async def test_the_path_says_which_organization(alpha: Office, beta: Office) -> None:
    """Of one's own, whichever the session works in; a header that names another is refused."""
    await join(beta, alpha.member)

    other = await ask(beta, alpha.member, "GET")
    contradicted = await alpha.wire(alpha.member).get(f"{ORGANIZATIONS}/{beta.org.id}")

    assert other.json["data"]["name"] == "Beta"
    assert code(contradicted) == (403, "FORBIDDEN")


async def test_a_deleted_organization_is_gone_for_everybody(portico: Harness, alpha: Office, beta: Office) -> None:
    """Nobody enters it, nobody lists it; sessions work nowhere, but the one that did it, and the slug is free."""
    for user in (alpha.member, alpha.owner):
        await join(beta, user)

    deleted = await ask(alpha, alpha.owner, "DELETE")

    assert (deleted.status, await works_in(alpha)) == (200, "AUTH_NO_ORGANIZATION")
    owner = portico.client(alpha.owner)
    assert (await owner.get("/api/v1/members")).json["data"]["org"] == "beta"
    assert [o["name"] for o in (await owner.get(ORGANIZATIONS)).json["data"]] == ["Beta"]
    assert [o["name"] for o in (await owner.get("/api/auth/me")).json["data"]["organizations"]] == ["Beta"]
    assert code(await ask(alpha, alpha.owner, "GET")) == (404, "NOT_FOUND")
    assert code(await ask(alpha, alpha.owner, "POST /switch")) == (404, "NOT_FOUND")
    assert (await owner.post(ORGANIZATIONS, {"name": "Alpha again", "slug": "alpha"})).status == 201
    assert ("organization.deleted", "done", str(alpha.org.id)) in await alpha.audit()


async def test_keys_and_invitations_end_with_their_organization(portico: Harness, alpha: Office) -> None:
    """An organization's key is deleted, an open invitation revoked; a personal key of its owner stays."""
    await ask(alpha, alpha.owner, "POST /invitations", email="carol@x.test", role="member")
    for name, org in (("office", alpha.org.id), ("own", None)):
        await make_key(alpha, name, org=org)

    await ask(alpha, alpha.owner, "DELETE")

    assert [row[0] for row in await portico.rows("select name from portico.api_keys")] == ["pk_own"]
    assert [row[0] for row in await portico.rows("select status from portico.invitations")] == ["revoked"]


async def test_only_an_owner_deletes(alpha: Office) -> None:
    """An admin, who may do everything else, does not."""
    await promote(alpha, alpha.editor, "admin")

    refused = await ask(alpha, alpha.editor, "DELETE")

    assert code(refused) == (403, "AUTH_OWNERS_ONLY")
    assert code(await ask(alpha, alpha.member, "DELETE")) == (403, "FORBIDDEN")
    assert (await ask(alpha, alpha.editor, "GET")).status == 200


async def test_to_delete_takes_a_recent_password(portico: Harness, alpha: Office) -> None:
    """A cookie alone, however it was come by, is not enough."""
    portico.clock.advance(timedelta(minutes=11))

    assert code(await ask(alpha, alpha.owner, "DELETE")) == (403, "AUTH_SUDO_REQUIRED")
    assert (await ask(alpha, alpha.owner, "GET")).status == 200
