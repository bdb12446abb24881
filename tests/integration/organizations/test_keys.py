"""API keys of an organization: each acts as a service, which nobody made stronger than themselves."""

from typing import Any

import pytest

from portico import User
from portico.testing import Client, Harness, Reply
from tests.integration.identity.alice import post
from tests.integration.office.people import Office, code, fields
from tests.integration.organizations.paths import ORGANIZATIONS, ask, make_key, make_role, promote

pytestmark = pytest.mark.anyio
SERVICES = "select id, name, email from portico.users where kind = 'service'"


async def make(office: Office, user: User, **terms: object) -> Reply:
    """Make a key of the office, as one of its people."""
    return await ask(office, user, "POST /keys", **{"name": "Till", "scopes": ["papers:read"], **terms})


async def key_of(office: Office, **terms: object) -> Any:
    """A key of the office, made by its owner."""
    made = await make(office, office.owner, **terms)
    assert made.status == 201, made.text
    return made.json["data"]


def using(office: Office, token: str) -> Client:
    """A program that has the token, and names no organization."""
    return Client(office.harness.app, token=token)


async def test_a_key_works_in_its_organization_alone(alpha: Office, beta: Office) -> None:
    """Without naming it; in any other it is a stranger."""
    key = await key_of(alpha, scopes=["papers:*"], role="editor")
    client = using(alpha, key["token"])

    filed = await client.post("/api/v1/papers", {"title": "By the till"})

    assert filed.json["data"]["created_by"] == key["user_id"]
    assert (await alpha.titles(), await beta.titles()) == (["By the till"], [])
    assert code(await client.get("/api/v1/papers", {"x-org-id": str(beta.org.id)})) == (403, "FORBIDDEN")
    assert code(await client.get(f"{ORGANIZATIONS}/{beta.org.id}")) == (404, "NOT_FOUND")


async def test_a_key_may_do_what_its_role_and_its_scopes_allow(alpha: Office) -> None:
    """Whichever is less."""
    weak = using(alpha, (await key_of(alpha, scopes=["*"], role="guest"))["token"])
    narrow = using(alpha, (await key_of(alpha, role="editor"))["token"])

    assert code(await weak.get("/api/v1/papers")) == (403, "FORBIDDEN")
    assert (await narrow.get("/api/v1/papers")).status == 200
    assert code(await narrow.post("/api/v1/papers", {"title": "No"})) == (403, "AUTH_SCOPE_MISSING")


@pytest.mark.parametrize(
    ("who", "made", "listed"),
    [
        ("nobody", (401, "UNAUTHORIZED"), 401),
        ("guest", (403, "FORBIDDEN"), 403),
        ("member", (403, "FORBIDDEN"), 403),
        ("operator", (404, "NOT_FOUND"), 404),
        ("operator's key", (404, "NOT_FOUND"), 404),
        ("owner's key", (403, "AUTH_KEY_REFUSED"), 403),
        ("admin", (201, ""), 200),
        ("owner", (201, ""), 200),
    ],
)
async def test_who_makes_and_sees_keys(
    alpha: Office, beta: Office, *, who: str, made: tuple[int, str], listed: int
) -> None:
    """Whoever holds `keys:*` in the organization; operators of the installation as such do not, and no key does."""
    await promote(alpha, alpha.editor, "admin")
    await alpha.harness.rows("update portico.users set operator = true where id = $1", beta.owner.id)
    clients = {
        "nobody": alpha.harness.client(),
        "operator": alpha.harness.client(beta.owner),
        "operator's key": using(beta, await make_key(beta, "theirs")),
        "owner's key": using(alpha, await make_key(alpha, "all")),
        "admin": alpha.wire(alpha.editor),
    }
    client = clients.get(who) or alpha.wire(getattr(alpha, who, alpha.owner))
    path = f"{ORGANIZATIONS}/{alpha.org.id}/keys"

    tried = await client.post(path, {"name": "Till", "scopes": ["papers:read"]})
    seen = await client.get(path)

    assert (tried.status, tried.json.get("code", "")) == made
    assert seen.status == listed


@pytest.mark.parametrize(
    ("terms", "status"),
    [
        ({"role": "clerk"}, 201),
        ({"role": "guest", "scopes": ["keys:create", "papers:read"]}, 201),
        ({"role": "member"}, 403),
        ({"role": "editor"}, 403),
        ({"role": "clerk", "scopes": ["papers:*"]}, 403),
        ({"role": "clerk", "scopes": ["*"]}, 403),
    ],
)
async def test_nobody_makes_a_key_stronger_than_themselves(
    alpha: Office, terms: dict[str, object], status: int
) -> None:
    """Neither by its role nor by its scopes."""
    await make_role(alpha, "clerk", "papers:read", "keys:*")
    await ask(alpha, alpha.owner, f"PATCH /members/{alpha.guest.id}", role="clerk")

    reply = await make(alpha, alpha.guest, **terms)

    assert reply.status == status
    assert reply.json.get("code", "") == ("" if status == 201 else "AUTH_BEYOND_OWN_ROLE")


async def test_a_key_is_never_an_owner(alpha: Office) -> None:
    """Else the last person could go; nor does it become one elsewhere by founding an organization."""
    reply = await make(alpha, alpha.owner, role="owner")
    client = using(alpha, (await key_of(alpha, scopes=["*"], role="admin"))["token"])
    founded = await client.post(ORGANIZATIONS, {"name": "Robots", "slug": "robots"})

    assert fields(reply) == {"role": ["VAL_KEY_NEVER_OWNS"]}
    assert code(founded) == (403, "AUTH_KEY_REFUSED")


async def test_terms_are_judged_as_those_of_a_personal_key(alpha: Office) -> None:
    """Unknown scopes, roles and ends."""
    unknown = await make(alpha, alpha.owner, scopes=["papers:burn"], rate="999/s", days=91)
    role = await make(alpha, alpha.owner, role="robot")

    assert fields(unknown) == {"scopes.0": ["VAL_UNKNOWN_PERMISSION"], "rate": ["VAL_TOO_LARGE"]}
    assert fields(role) == {"role": ["VAL_UNKNOWN_ROLE"]}


async def test_a_key_outlasts_whoever_made_it(alpha: Office) -> None:
    """It is the organization's; who made it stands beside it."""
    await promote(alpha, alpha.editor, "admin")
    key = (await make(alpha, alpha.editor)).json["data"]

    await ask(alpha, alpha.owner, f"DELETE /members/{alpha.editor.id}")

    assert key["created_by"] == str(alpha.editor.id)
    assert (await using(alpha, key["token"]).get("/api/v1/papers")).status == 200


async def test_a_revoked_key_takes_its_service_with_it(alpha: Office) -> None:
    """The next call is refused, nobody is left behind, and once more it is not there."""
    key = await key_of(alpha)

    gone = [await ask(alpha, alpha.owner, f"DELETE /keys/{key['id']}") for _ in range(2)]

    assert [reply.status for reply in gone] == [200, 404]
    assert code(await using(alpha, key["token"]).get("/api/v1/papers")) == (401, "UNAUTHORIZED")
    assert await alpha.harness.rows(SERVICES) == []
    events = [(event, outcome) for event, outcome, target in await alpha.audit() if target == key["id"]]
    assert events == [("key.created", "done"), ("key.revoked", "done"), ("key.revoked", "denied")]


async def test_services_go_with_their_organization(alpha: Office) -> None:
    """As its keys do."""
    await key_of(alpha)

    assert (await ask(alpha, alpha.owner, "DELETE")).status == 200

    assert await alpha.harness.rows(SERVICES) == []


async def test_a_service_is_listed_and_has_its_key_s_name(alpha: Office) -> None:
    """Among the members, after the people, with an address that is nobody's; and in the list of keys."""
    key = await key_of(alpha, role="editor")
    renamed = await ask(alpha, alpha.owner, f"PATCH /keys/{key['id']}", name="Front desk")

    members = (await ask(alpha, alpha.owner, "GET /members")).json["data"]
    keys = (await ask(alpha, alpha.owner, "GET /keys")).json["data"]

    last = {n: members[-1][n] for n in ("user_id", "kind", "name", "email", "role")}
    assert last == {
        "user_id": key["user_id"], "kind": "service", "name": "Front desk", "email": "", "role": "editor",
    }  # fmt: skip
    assert keys == [renamed.json["data"]] == [{n: v for n, v in {**key, "name": "Front desk"}.items() if n != "token"}]


async def test_nobody_signs_in_as_a_service(portico: Harness, alpha: Office) -> None:
    """Not even with an address and a password in the database; nor is a mail sent to let it choose one."""
    await key_of(alpha)
    hashed = await portico.app.running.pipeline.services.hasher.hash("Correct-Horse-1")
    await portico.rows("update portico.users set password_hash = $1", hashed)
    await portico.rows(
        "update portico.users set email = 'till@x.test', email_verified_at = now() where kind = 'service'"
    )

    person = await post(portico, "sign-in", email=alpha.owner.email, password="Correct-Horse-1")
    service = await post(portico, "sign-in", email="till@x.test", password="Correct-Horse-1")
    forgotten = await post(portico, "password/forgot", email="till@x.test")

    assert (person.status, code(service)) == (200, (401, "AUTH_INVALID_CREDENTIALS"))
    assert (forgotten.status, await portico.mails()) == (200, [])
