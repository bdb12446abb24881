"""Who may call: Public, Anyone, Allow, Owns, In."""

from uuid import uuid4

import pytest

from portico.testing import Harness
from tests.integration.office.people import Office, code

pytestmark = pytest.mark.anyio


# -- Public, Anyone and the contexts -----------------------------------------------------------------------------------
async def test_a_public_action_answers_anybody(portico: Harness, alpha: Office) -> None:
    """It still knows who is signed in, and where."""
    nobody = await portico.client().get("/api/v1/open")
    somebody = await alpha.wire(alpha.member).get("/api/v1/open")

    assert nobody.json == {"data": {"user": None, "org": None}}
    assert somebody.json == {"data": {"user": "member@alpha.test", "org": "alpha"}}


async def test_a_wrong_token_is_nobody_to_a_public_action(portico: Harness) -> None:
    """It is no reason to refuse what anybody may have."""
    reply = await portico.client().send("GET", "/api/v1/open", headers={"authorization": "Bearer junk"})

    assert (reply.status, reply.json) == (200, {"data": {"user": None, "org": None}})


@pytest.mark.parametrize("path", ["/signed-in", "/members", "/may", "/papers"])
@pytest.mark.parametrize("token", [None, "junk", ""])
async def test_everything_else_needs_somebody(portico: Harness, path: str, token: str | None) -> None:
    """Without a credential, or with one that is none: 401 and how to sign in."""
    headers = {} if token is None else {"authorization": f"Bearer {token}"}

    reply = await portico.client().get(f"/api/v1{path}", headers)

    assert code(reply) == (401, "UNAUTHORIZED")
    assert reply.headers["www-authenticate"] == 'Bearer realm="portico"'


async def test_anyone_who_is_signed_in_may_call_for_themselves(portico: Harness) -> None:
    """Without an organization, too."""
    alice = await portico.member("alice@nowhere.test")

    assert (await portico.client(alice).get("/api/v1/signed-in")).json["data"]["user"] == "alice@nowhere.test"


async def test_an_action_of_an_organization_needs_one(portico: Harness, alpha: Office, beta: Office) -> None:
    """None at all is told apart from another's, and another's from one that nobody has."""
    alice = await portico.member("alice@nowhere.test")

    nowhere = await portico.client(alice).get("/api/v1/members")
    elsewhere = await portico.client(alpha.member, org=beta.org.id).get("/api/v1/members")
    unheard_of = await portico.client(alpha.member, org=uuid4()).get("/api/v1/members")

    assert code(nowhere) == (403, "AUTH_NO_ORGANIZATION")
    assert code(elsewhere) == code(unheard_of) == (403, "FORBIDDEN")
    assert elsewhere.json["detail"] == unheard_of.json["detail"]


async def test_a_member_may_call_whatever_anyone_may(alpha: Office) -> None:
    """A guest with no permission at all is a member."""
    assert (await alpha.wire(alpha.guest).get("/api/v1/members")).json["data"]["org"] == "alpha"


# -- Allow -------------------------------------------------------------------------------------------------------------
async def test_a_role_decides_what_one_may(alpha: Office) -> None:
    """The owner everything, a member what the application says, a guest nothing."""
    answers = {
        user.email.partition("@")[0]: (await alpha.wire(user).get("/api/v1/papers")).status
        for user in (alpha.owner, alpha.member, alpha.editor, alpha.guest)
    }

    assert answers == {"owner": 200, "member": 200, "editor": 200, "guest": 403}


async def test_a_wildcard_covers_everything_about_a_thing(alpha: Office) -> None:
    """And nothing about another; what a page shows asks the same question."""
    editor, owner = alpha.wire(alpha.editor), alpha.wire(alpha.owner)

    assert (await editor.get("/api/v1/may")).json["data"] == {
        "desk:sit": True,
        "desk:move": False,
        "papers:read": True,
        "roof:climb": False,
    }
    assert set((await owner.get("/api/v1/may")).json["data"].values()) == {True}
    assert code(await alpha.wire(alpha.member).get("/api/v1/may")) == (403, "FORBIDDEN")


async def test_a_changed_role_counts_at_once(portico: Harness, alpha: Office) -> None:
    """Nothing of a role is remembered between two calls."""
    client = alpha.wire(alpha.member)
    before = (await client.get("/api/v1/may")).status

    await portico.rows("update portico.members set role = 'editor' where user_id = $1", alpha.member.id)
    promoted = (await client.get("/api/v1/may")).status
    await portico.rows("delete from portico.members where user_id = $1", alpha.member.id)
    gone = await client.get("/api/v1/may")

    assert (before, promoted) == (403, 200)
    assert code(gone) == (403, "FORBIDDEN")


async def test_a_role_that_the_application_does_not_know_may_nothing(portico: Harness, alpha: Office) -> None:
    """A misspelled role in the database opens no door, however much the right one holds."""
    await portico.rows("update portico.members set role = 'Owner' where user_id = $1", alpha.member.id)

    assert code(await alpha.wire(alpha.member).get("/api/v1/papers")) == (403, "FORBIDDEN")


# -- Owns --------------------------------------------------------------------------------------------------------------
async def test_a_row_is_its_owner_s(alpha: Office) -> None:
    """Another member may not change it, whatever else they may."""
    paper = await alpha.file(alpha.member, "Mine")

    refused = await alpha.wire(alpha.other).send("DELETE", f"/api/v1/papers/{paper}")
    done = await alpha.wire(alpha.member).send("DELETE", f"/api/v1/papers/{paper}")

    assert code(refused) == (403, "FORBIDDEN")
    assert (done.status, done.json) == (200, {"data": {"success": True}})
    assert await alpha.titles() == []


async def test_whoever_holds_the_permission_may_act_for_the_owner(alpha: Office) -> None:
    """`unless` names it."""
    paper = await alpha.file(alpha.member, "Mine")

    assert (await alpha.wire(alpha.editor).send("DELETE", f"/api/v1/papers/{paper}")).status == 200


async def test_a_row_that_nobody_made_is_nobody_s(portico: Harness, alpha: Office) -> None:
    """An import without a writer belongs to no member."""
    paper = await alpha.file(alpha.member, "Mine")
    await portico.rows("update papers set created_by = null")

    assert code(await alpha.wire(alpha.member).send("DELETE", f"/api/v1/papers/{paper}")) == (403, "FORBIDDEN")
    assert (await alpha.wire(alpha.owner).send("DELETE", f"/api/v1/papers/{paper}")).status == 200


async def test_a_row_of_another_organization_is_not_there(alpha: Office, beta: Office) -> None:
    """404 as for an id that nobody has, for its own maker and for an owner of everything."""
    paper = await alpha.file(alpha.member, "Mine")

    for client in (beta.wire(beta.owner), beta.wire(beta.member)):
        foreign = await client.send("DELETE", f"/api/v1/papers/{paper}")
        missing = await client.send("DELETE", f"/api/v1/papers/{uuid4()}")
        assert code(foreign) == code(missing) == (404, "NOT_FOUND")
        assert foreign.json["detail"] == missing.json["detail"]
    assert await alpha.titles() == ["Mine"]


async def test_an_id_that_is_none_is_told_only_to_members(portico: Harness, alpha: Office) -> None:
    """422 for who may call, 401 for who may not."""
    assert code(await alpha.wire(alpha.member).send("DELETE", "/api/v1/papers/1")) == (422, "VALIDATION_ERROR")
    assert code(await portico.client().send("DELETE", "/api/v1/papers/1")) == (401, "UNAUTHORIZED")


# -- In ----------------------------------------------------------------------------------------------------------------
async def test_a_public_page_is_in_the_organization_of_its_slug(portico: Harness, alpha: Office, beta: Office) -> None:
    """For nobody, for a member, and for a member of another."""
    for client in (portico.client(), alpha.wire(alpha.member), beta.wire(beta.member)):
        assert (await client.get("/api/v1/shop/alpha")).json["data"]["name"] == "Alpha"
    assert (await portico.client().get("/api/v1/shop/beta")).json["data"]["timezone"] == "Europe/Vienna"


@pytest.mark.parametrize("slug", ["nobody", "ALPHA", "alpha%20", "%27--"])
async def test_an_unknown_slug_is_not_found(portico: Harness, alpha: Office, slug: str) -> None:
    """And nothing else is said."""
    assert alpha.org.slug == "alpha"
    assert code(await portico.client().get(f"/api/v1/shop/{slug}")) == (404, "NOT_FOUND")
