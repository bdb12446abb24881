"""Everybody's accounts, for operators, in two shapes of the same thing."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from portico import User, UserContext
from portico.modules.users.names import FullName
from portico.testing import Client, Harness
from tests.integration.identity.alice import PASSWORD, post, sign_in, token_sent
from tests.integration.office.people import code, fields

pytestmark = pytest.mark.anyio
V1, V2 = "/api/v1/users", "/api/v2/users"
ADA = {"name": "Ada King Lovelace", "email": "ada@x.test"}
ADA_2 = {"first_name": "Ada King", "last_name": "Lovelace", "email": "ada@x.test"}


async def made(portico: Harness, operator: User, version: str = V1, **changes: str) -> Any:
    """Ada's account."""
    reply = await portico.client(operator).post(version, {**(ADA if version == V1 else ADA_2), **changes})
    assert reply.status == 201, reply.text
    return reply.json["data"]


async def found(portico: Harness, operator: User, query: str) -> list[str]:
    """The addresses that a search finds, before the @."""
    reply = await portico.client(operator).get(f"{V1}?{query}")
    return [user["email"].partition("@")[0] for user in reply.json["data"]]


async def flags(portico: Harness, id: str | UUID) -> tuple[bool, bool]:
    """Whether the address is confirmed, and whether it is an operator's."""
    sql = "select email_verified_at is not null, operator from portico.users where id = $1"
    return tuple((await portico.rows(sql, id))[0])


# -- who may -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("version", [V1, V2])
@pytest.mark.parametrize("who", ["nobody", "member", "owner", "operator's key"])
async def test_accounts_are_for_operators(portico: Harness, operator: User, *, version: str, who: str) -> None:
    """Not for members or owners of organizations, nor for an operator's key that covers everything; all is audited."""
    org = await portico.organization("Alpha")
    key = """insert into portico.api_keys (key_hash, hint, name, user_id, scopes)
             values (sha256('pk_all'), 'pk_', 'k', $1, '{*}')"""
    await portico.rows(key, operator.id)
    ada = await portico.member("ada@x.test")
    clients = {
        "nobody": portico.client(),
        "member": portico.client(await portico.member("max@x.test", org=org.id)),
        "owner": portico.client(await portico.member("oskar@x.test", org=org.id, role="owner")),
        "operator's key": Client(portico.app, token="pk_all"),
    }
    one = f"{version}/{ada.id}"
    calls = (("GET", version, None), ("GET", one, None), ("POST", version, {"email": "new@x.test"}))
    changes = (("PATCH", one, {"operator": True}), ("DELETE", one, None))

    replies = [await clients[who].send(method, path, json=body) for method, path, body in (*calls, *changes)]

    refusals = {"nobody": (401, "UNAUTHORIZED"), "operator's key": (403, "AUTH_KEY_REFUSED")}
    assert {code(reply) for reply in replies} == {refusals.get(who, (403, "FORBIDDEN"))}
    assert await flags(portico, ada.id) == (True, False)
    denied = await portico.rows("select action from portico.audit where outcome = 'denied' order by id")
    expected = [] if who == "nobody" else ["user.created", "user.updated", "user.deleted"]
    assert [row[0] for row in denied] == expected


async def test_only_what_asks_for_it_sees_every_account(portico: Harness, operator: User) -> None:
    """Elsewhere an operator's statements see themselves alone; with the sight, everybody."""
    await portico.member("ada@x.test")

    async with portico.context(UserContext, user=operator) as ctx:
        seen = await ctx.db.one("select count(*) from portico.users", int)

    assert (seen, len(await found(portico, operator, ""))) == (1, 2)


async def test_no_injected_statement_makes_an_operator(portico: Harness, operator: User) -> None:
    """The columns are not to be written, and the function wants a proof, for this user and these marks."""
    ada = await portico.member("ada@x.test")
    mark = "select portico.mark_user_v1(:id, null, true, :proof)"

    async with portico.context(UserContext, user=ada) as ctx:
        theirs = ctx.proof(b"mark-user", operator.id.bytes, b"-/true")
        less = ctx.proof(b"mark-user", ada.id.bytes, b"-/false")
        for statement, proof in (("update portico.users set operator = true", b""), (mark, theirs), (mark, less)):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with ctx.transaction():
                    await ctx.db.execute(statement, id=ada.id, proof=proof)

    assert await flags(portico, ada.id) == (True, False)


# -- two shapes --------------------------------------------------------------------------------------------------------
async def test_both_versions_show_the_same_account(portico: Harness, operator: User) -> None:
    """The name whole in the first, in two parts in the second."""
    client = portico.client(operator)
    id = (await made(portico, operator))["id"]

    one, two = [(await client.get(f"{version}/{id}")).json["data"] for version in (V1, V2)]

    assert one == {"id": id, "name": "Ada King Lovelace", "email": "ada@x.test"}
    assert two == {"id": id, "created_at": two["created_at"], **ADA_2}


async def test_the_second_version_keeps_both_parts(portico: Harness, operator: User) -> None:
    """A last name of two words is one, however the first version would have split it."""
    client = portico.client(operator)
    id = (await made(portico, operator, V2, first_name="Ludwig", last_name="van Beethoven"))["id"]

    whole = (await client.get(f"{V1}/{id}")).json["data"]["name"]
    renamed = await client.send("PATCH", f"{V2}/{id}", json={"first_name": "Karl"})
    again = await client.send("PATCH", f"{V1}/{id}", json={"name": "Johanna van Beethoven"})

    assert whole == "Ludwig van Beethoven"
    assert [renamed.json["data"][part] for part in ("first_name", "last_name")] == ["Karl", "van Beethoven"]
    assert again.json["data"]["name"] == "Johanna van Beethoven"
    assert (await client.get(f"{V2}/{id}")).json["data"]["last_name"] == "van Beethoven"


@pytest.mark.parametrize(
    ("name", "last", "whole", "parts"),
    [
        ("Ada Lovelace", "", "Ada Lovelace", ("Ada", "Lovelace")),
        ("Ada Lovelace", "Lovelace", "Ada Lovelace", ("Ada", "Lovelace")),
        ("Ada", "Lovelace", "Ada Lovelace", ("Ada", "Lovelace")),
        ("Ada", "", "Ada", ("Ada", "")),
        ("Lovelace", "Lovelace", "Lovelace", ("", "Lovelace")),
        ("", "Lovelace", "Lovelace", ("", "Lovelace")),
        ("", "", "", ("", "")),
    ],
)
async def test_a_name_is_whole_or_in_parts(
    portico: Harness, *, name: str, last: str, whole: str, parts: tuple[str, str]
) -> None:
    """Wherever its last part was given apart, and wherever it was not; the database agrees."""
    kept = FullName(name, last)

    database = await portico.rows("select portico.whole_name_v1($1, $2)", name, last)

    assert (kept.whole, kept.parts, database[0][0]) == (whole, parts, whole)


# -- lists -------------------------------------------------------------------------------------------------------------
async def test_accounts_are_found(portico: Harness, operator: User) -> None:
    """By part of the name or the address; % and _ are what was typed; by kind, confirmation and rights."""
    await made(portico, operator)
    await made(portico, operator, V2, email="50%_off@x.test", first_name="Max", last_name="Moritz")
    await portico.rows("insert into portico.users (email, kind, name) values ('till@x.test', 'service', 'Till')")

    expected = {
        "": ["50%_off", "ada", "olga", "till"],
        "q=KING%20LOVE": ["ada"],
        "q=Max%20Mor": ["50%_off"],
        "q=%25": ["50%_off"],
        "q=_": ["50%_off"],
        "q=@x.test&kind=person": ["50%_off", "ada", "olga"],
        "kind=service": ["till"],
        "verified=true": ["olga"],
        "verified=false&kind=person": ["50%_off", "ada"],
        "operator=true": ["olga"],
        "operator=false&q=ad": ["ada"],
    }
    assert {query: await found(portico, operator, query) for query in expected} == expected


@pytest.mark.parametrize("version", [V1, V2])
async def test_accounts_come_in_pages(portico: Harness, operator: User, version: str) -> None:
    """By address, with the total."""
    for name in ("ada", "bob"):
        await portico.member(f"{name}@x.test")

    page = (await portico.client(operator).get(f"{version}?page=2&limit=2")).json

    assert [user["email"] for user in page["data"]] == ["olga@x.test"]
    assert page["meta"] == {"page": 2, "limit": 2, "total": 3, "total_pages": 2}


# -- writing -----------------------------------------------------------------------------------------------------------
async def test_a_new_account_s_owner_chooses_the_password(portico: Harness, operator: User) -> None:
    """By the link of a mail, which confirms the address; before that nobody signs in."""
    created = await portico.client(operator).post(V1, ADA)
    before = await sign_in(portico, email="ada@x.test")

    token = await token_sent(portico)
    chosen = await post(portico, "password/reset", token=token, password=PASSWORD)

    mail = (await portico.mails())[0]
    assert (mail.to, mail.subject) == ("ada@x.test", "Your account")
    assert "Hello Ada King Lovelace" in mail.text
    assert created.headers["location"] == f"{V1}/{created.json['data']['id']}"
    assert [before.status, chosen.status, (await sign_in(portico, email="ada@x.test")).status] == [401, 200, 200]


async def test_an_address_is_registered_once(portico: Harness, operator: User) -> None:
    """An operator is told, beside the member; no mail goes out."""
    await portico.member("ada@x.test")

    refused = await portico.client(operator).post(V2, {**ADA_2, "email": "ADA@x.test"})

    assert (code(refused), fields(refused)) == ((409, "AUTH_EMAIL_TAKEN"), {"email": ["AUTH_EMAIL_TAKEN"]})
    assert await portico.mails() == []


@pytest.mark.parametrize("version", [V1, V2])
async def test_what_is_not_sent_stays(portico: Harness, operator: User, version: str) -> None:
    """Name, confirmation and rights, each by itself; the audit says what was marked."""
    client, id = portico.client(operator), (await made(portico, operator))["id"]
    seen = []

    for changes in ({"email_verified": True}, {"operator": True}, {"email_verified": False}, {"operator": False}):
        changed = await client.send("PATCH", f"{version}/{id}", json=changes)
        seen.append((changed.status, *await flags(portico, id)))

    assert seen == [(200, True, False), (200, True, True), (200, False, True), (200, False, False)]
    assert (await client.get(f"{V1}/{id}")).json["data"]["name"] == ADA["name"]
    marks = "select metadata::text from portico.audit where action = 'user.updated' and target = $1 order by id"
    assert (await portico.rows(marks, id))[1][0] == '{"operator": true}'


async def test_a_stale_change_is_refused(portico: Harness, operator: User) -> None:
    """The ETag that was read goes along as If-Match; without it the change is made whatever happened."""
    client, id = portico.client(operator), (await made(portico, operator))["id"]
    tag = (await client.get(f"{V2}/{id}")).headers["etag"]

    path = f"{V1}/{id}"
    first = await client.send("PATCH", path, json={"name": "One"}, headers={"if-match": tag})
    second = await client.send("PATCH", path, json={"name": "Two"}, headers={"if-match": tag})
    third = await client.send("PATCH", path, json={"name": "Three"})

    assert (first.status, code(second), third.status) == (200, (409, "BIZ_STALE_VERSION"), 200)
    assert first.headers["etag"] != tag


async def test_nobody_unmakes_themselves(portico: Harness, operator: User) -> None:
    """The last operator cannot go by accident: another takes the rights away."""
    client, path = portico.client(operator), f"{V1}/{operator.id}"

    unmarked = await client.send("PATCH", path, json={"operator": False})
    deleted = await client.send("DELETE", path)
    renamed = await client.send("PATCH", path, json={"name": "Olga the Operator"})

    assert code(unmarked) == code(deleted) == (403, "AUTH_OWN_ACCOUNT")
    assert (renamed.status, await flags(portico, operator.id)) == (200, (True, True))


async def test_whoever_is_unmade_is_so_at_once(portico: Harness, operator: User) -> None:
    """With the session they have."""
    ada = await portico.member("ada@x.test")
    seen = []

    for held in (True, False):
        await portico.client(operator).send("PATCH", f"{V1}/{ada.id}", json={"operator": held})
        seen.append((await portico.client(ada).get(V1)).status)

    assert seen == [200, 403]


@pytest.mark.parametrize("version", [V1, V2])
async def test_an_account_is_deleted(portico: Harness, operator: User, version: str) -> None:
    """With its sessions; the audit stays; once more it is not there."""
    ada = await portico.member("ada@x.test")

    gone = [await portico.client(operator).send("DELETE", f"{version}/{ada.id}") for _ in range(2)]

    assert [reply.status for reply in gone] == [200, 404]
    assert (await portico.client(ada).get("/api/auth/me")).status == 401
    audit = await portico.rows("select action, outcome, target from portico.audit order by id")
    assert [tuple(row) for row in audit] == [("user.deleted", how, str(ada.id)) for how in ("done", "denied")]


async def test_the_last_owner_of_an_organization_is_not_deleted(portico: Harness, operator: User) -> None:
    """Somebody else has to own it first."""
    org = await portico.organization("Alpha")
    ada = await portico.member("ada@x.test", org=org.id, role="owner")
    client, path = portico.client(operator), f"{V1}/{ada.id}"

    refused = await client.send("DELETE", path)
    await portico.member("bob@x.test", org=org.id, role="owner")

    assert code(refused) == (409, "BIZ_LAST_OWNER")
    assert (await client.send("DELETE", path)).status == 200


async def test_to_delete_takes_a_recent_password(portico: Harness, operator: User) -> None:
    """An operator's cookie alone is not enough."""
    ada = await portico.member("ada@x.test")
    portico.clock.advance(timedelta(minutes=11))

    refused = await portico.client(operator).send("DELETE", f"{V1}/{ada.id}")

    assert code(refused) == (403, "AUTH_SUDO_REQUIRED")


async def test_services_go_with_their_keys_alone(portico: Harness, operator: User) -> None:
    """They are seen, and neither changed nor deleted here; nor is what is not there."""
    rows = await portico.rows("insert into portico.users (email, kind) values ('till@x.test', 'service') returning id")
    client, service = portico.client(operator), f"{V1}/{rows[0][0]}"

    seen = [(await client.get(service)).status]
    for path in (service, f"{V1}/{uuid4()}"):
        seen.append((await client.send("PATCH", path, json={"name": "Other"})).status)
        seen.append((await client.send("DELETE", path)).status)

    assert seen == [200, 404, 404, 404, 404]
