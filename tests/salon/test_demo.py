"""The demo, in a database."""

import pytest

from portico.testing import Harness
from salon.demo import demo

pytestmark = pytest.mark.anyio

PEOPLE = "select count(*) from portico.users"
VISITS = "select org_id, count(*) from appointments group by org_id"


async def test_the_demo_fills_a_database_once(portico: Harness) -> None:
    """More than 20,000 appointments; a second run adds sessions and nothing else."""
    said: list[str] = []

    accounts = await demo(portico.urls, report=said.append)
    visits, people = await portico.rows(VISITS), await portico.rows(PEOPLE)
    again = await demo(portico.urls, report=said.append)

    assert sum(row["count"] for row in visits) >= 20_000
    assert len(said) == 3
    assert (await portico.rows(VISITS), await portico.rows(PEOPLE)) == (visits, people)
    assert [account.email for account in again] == [account.email for account in accounts]
    assert len({account.token for account in (*accounts, *again)}) == len(accounts) + len(again)


async def test_everybody_of_the_demo_can_sign_in(portico: Harness) -> None:
    """By token and by password, in the organization and the role that are printed."""
    account = (await demo(portico.urls, report=lambda _: None))[0]

    headers = {"authorization": f"Bearer {account.token}"}
    me = (await portico.client().get("/api/auth/me", headers=headers)).json["data"]
    listed = await portico.client().get("/api/v1/appointments", headers=headers)
    credentials = {"email": account.email, "password": account.password}
    signed_in = await portico.client().post("/api/auth/sign-in", credentials)

    assert me["email"] == account.email
    assert [(org["id"], org["role"]) for org in me["organizations"]] == [(str(account.organization_id), account.role)]
    assert len(listed.json["data"]) == 20
    assert signed_in.status == 200


async def test_accounts_of_several_organizations_and_roles_are_made(portico: Harness) -> None:
    """Scripts find somebody for every case, and one person who works in two businesses."""
    accounts = await demo(portico.urls, report=lambda _: None)

    assert len({account.organization_id for account in accounts}) == 3
    assert {account.role for account in accounts} == {"owner", "admin", "member", "front-desk"}
    assert len({account.organization_id for account in accounts if account.email.startswith("both@")}) == 2


async def test_every_page_of_accounts_and_organizations_shows_something(portico: Harness) -> None:
    """A phone that wandered off, a key, invitations and a role of its own; once, however often it runs."""
    await demo(portico.urls, report=lambda _: None)
    owner = next(a for a in await demo(portico.urls, report=lambda _: None) if a.email == "owner@kastanie.example")
    client = portico.client()
    client.cookies["__Host-session"] = owner.token

    sessions, keys, invitations, roles, members = [
        (await client.get(path)).text
        for path in (
            "/account/sessions",
            "/account/keys",
            "/organization/invitations",
            "/organization/roles",
            "/organization/members",
        )
    ]

    assert (sessions.count("Firefox on Android</p>"), "Used from another device" in sessions) == (1, True)
    assert keys.count("Price list on our site <code>") == 1
    assert invitations.count("open until") == 2
    assert ("front-desk" in roles, "Lena Auer" in members) == (True, True)
