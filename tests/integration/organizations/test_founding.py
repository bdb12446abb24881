"""Founding an organization, finding one's own, changing one."""

from typing import Any

import pytest

from portico.testing import Client, Harness, Reply
from tests.integration.office.people import Office, code, fields
from tests.integration.organizations.paths import ORGANIZATIONS

pytestmark = pytest.mark.anyio


async def found(client: Client, called: str, **changes: Any) -> Reply:
    """Found an organization."""
    return await client.post(ORGANIZATIONS, {"name": called, "slug": called.lower(), **changes})


async def alice(portico: Harness) -> Client:
    """Somebody who belongs nowhere yet."""
    return portico.client(await portico.member("alice@x.test"))


async def test_whoever_founds_an_organization_owns_it(portico: Harness) -> None:
    """And the session in hand works in it at once."""
    client = await alice(portico)

    made = await found(client, "Gamma", timezone="Europe/Vienna")
    told = (await client.get("/api/auth/me")).json["data"]["organizations"]
    works = await client.get("/api/v1/members")

    assert (made.status, made.headers["location"]) == (201, f"{ORGANIZATIONS}/{made.json['data']['id']}")
    assert told == [{"id": made.json["data"]["id"], "name": "Gamma", "slug": "gamma", "role": "owner"}]
    assert works.json["data"]["org"] == "gamma"
    assert (await client.get(made.headers["location"])).json["data"]["timezone"] == "Europe/Vienna"


async def test_who_has_several_organizations_says_which(portico: Harness) -> None:
    """`X-Org-Id` chooses; without it the session's active one, which is the first."""
    client = await alice(portico)
    first, second = [(await found(client, name)).json["data"]["id"] for name in ("Gamma", "Delta")]

    chosen = [(await client.get("/api/v1/members", {"x-org-id": org})).json["data"]["org"] for org in (first, second)]

    assert chosen == ["gamma", "delta"]
    assert (await client.get("/api/v1/members")).json["data"]["org"] == "gamma"
    assert [o["slug"] for o in (await client.get(ORGANIZATIONS)).json["data"]] == ["delta", "gamma"]


@pytest.mark.parametrize(
    ("body", "where", "finding"),
    [
        ({"name": ""}, "name", "VAL_TOO_SHORT"),
        ({"name": "  "}, "name", "VAL_TOO_SHORT"),
        ({"slug": "Gamma"}, "slug", "VAL_INVALID_FORMAT"),
        ({"slug": "-a"}, "slug", "VAL_INVALID_FORMAT"),
        ({"timezone": "Europe/Nowhere"}, "timezone", "VAL_UNKNOWN_TIMEZONE"),
        ({"timezone": "localtime"}, "timezone", "VAL_UNKNOWN_TIMEZONE"),
    ],
)
async def test_an_organization_that_is_none_is_refused(
    portico: Harness, body: dict[str, str], where: str, *, finding: str
) -> None:
    """Beside its member."""
    reply = await found(await alice(portico), "Gamma", **body)

    assert (code(reply), fields(reply)) == ((422, "VALIDATION_ERROR"), {where: [finding]})


async def test_an_organization_s_address_is_taken_once(portico: Harness, alpha: Office) -> None:
    """Whoever has it; the refusal stands beside its member."""
    reply = await found(await alice(portico), "Alpha")

    assert (code(reply), fields(reply)) == ((409, "BIZ_SLUG_TAKEN"), {"slug": ["BIZ_SLUG_TAKEN"]})
    assert alpha.org.slug == "alpha"


async def test_an_organization_is_changed_by_whoever_may(portico: Harness, alpha: Office, beta: Office) -> None:
    """Not by a member, and not by another's owner, to whom it is not there."""
    path = f"{ORGANIZATIONS}/{alpha.org.id}"
    owner = alpha.wire(alpha.owner)

    renamed = await owner.send("PATCH", path, json={"name": "Omega", "version": 1})
    stale = await owner.send("PATCH", path, json={"name": "Psi", "version": 1})
    never = await owner.send("PATCH", path, json={"name": "Psi", "version": 2**31})
    denied = await alpha.wire(alpha.member).send("PATCH", path, json={"name": "Psi"})
    foreign = await beta.wire(beta.owner).send("PATCH", path, json={"name": "Psi"})

    assert (renamed.json["data"]["name"], renamed.json["data"]["version"]) == ("Omega", 2)
    assert code(stale) == code(never) == (409, "BIZ_STALE_VERSION")
    assert code(denied) == (403, "FORBIDDEN")
    assert code(foreign) == (404, "NOT_FOUND")
    names = await portico.rows("select name from portico.organizations order by name")
    assert [row[0] for row in names] == ["Beta", "Omega"]
