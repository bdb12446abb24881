"""What happens to accounts is told: to handlers once, and to the webhooks of the organizations of each person."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from portico import App, Misconfigured, Module, Org, TenantContext, User
from portico.modules.identity import UserCreated, UserDeleted, UserUpdated
from portico.modules.webhooks import NewEndpoint, create_endpoint
from portico.testing import Client, Harness, open_harness
from portico.testing.databases import Databases
from tests.integration.identity.alice import BROWSER, EMAIL, PASSWORD, browser, post, register, token_sent
from tests.integration.users.club import HEARD, app
from tests.integration.webhooks.receiver import Receiver, receiving

pytestmark = pytest.mark.anyio
EVENTS = "select event_id, org_id, name from portico.outbox where name like 'user.%' order by xid, id"
USERS = "/api/v2/users"


@pytest.fixture
async def club(portico_databases: Databases) -> AsyncIterator[Harness]:
    """The club, which may reach this machine."""
    async with open_harness(
        app, await portico_databases.of(app), portico_reach_private=True, portico_rate_limit_factor=1000
    ) as harness:
        await harness.empty()
        HEARD.clear()
        yield harness


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """One that says yes to everything."""
    async with receiving() as listening:
        yield listening


async def operator_of(club: Harness, org: UUID | None = None) -> tuple[User, Client]:
    """Somebody who runs the installation, perhaps at work in an organization."""
    olga = await club.member("olga@x.test", org=org, role="owner")
    await club.rows("update portico.users set operator = true where id = $1", olga.id)
    return olga, club.client(olga, org=org)


async def names(club: Harness) -> list[tuple[str, object]]:
    """The events in the outbox, and of which organization they are."""
    return [(row["name"], row["org_id"]) for row in await club.rows(EVENTS)]


async def test_an_account_s_life_is_told_once_and_in_order(club: Harness) -> None:
    """Signed up, confirmed, renamed, moved to another address, deleted: as it was after each, and before its end."""
    await register(club)
    alice = await browser(club)
    await alice.send("PATCH", "/api/auth/me", json={"name": "Alice A."}, headers=BROWSER)
    await post(club, "email", alice, email="alice@new.example.com")
    await post(club, "email/confirm", token=await token_sent(club))
    await post(club, "sudo", alice, password=PASSWORD)
    deleted = await alice.send("DELETE", "/api/auth/me", headers=BROWSER)
    await club.run_jobs()

    assert deleted.status == 200, deleted.text
    told = [(type(event), event.email, event.name, event.email_verified) for event, _ in by_kind(HEARD)]
    assert told == [
        (UserCreated, EMAIL, "Alice", False),
        (UserUpdated, EMAIL, "Alice", True),
        (UserUpdated, EMAIL, "Alice A.", True),
        (UserUpdated, "alice@new.example.com", "Alice A.", True),
        (UserDeleted, "alice@new.example.com", "Alice A.", True),
    ]
    rows = await club.rows(EVENTS)
    assert sorted(str(id) for _, id in HEARD) == sorted(str(row["event_id"]) for row in rows)
    assert {row["org_id"] for row in rows} == {None}


def by_kind(heard: Any) -> Any:
    """By kind, and within each as it was heard: handlers wait for none but themselves."""
    order = [UserCreated, UserUpdated, UserDeleted]
    return sorted(heard, key=lambda each: order.index(type(each[0])))


async def test_what_an_operator_does_to_accounts_is_told(club: Harness) -> None:
    """Of no organization, though the operator is at work in one; neither what is refused, nor who is an operator."""
    org = await club.organization("Alpha")
    _, client = await operator_of(club, org.id)
    ada = (await client.post(USERS, {"first_name": "Ada", "last_name": "L", "email": "ada@x.test"})).json["data"]["id"]
    await client.send("PATCH", f"{USERS}/{ada}", json={"first_name": "Ada K."})
    own = await club.organization("Own")
    await club.rows("insert into portico.members (org_id, user_id, role) values ($1, $2, 'owner')", own.id, UUID(ada))

    stale = await client.send("PATCH", f"{USERS}/{ada}", json={"first_name": "No"}, headers={"if-match": "7"})
    last = await client.send("DELETE", f"{USERS}/{ada}")

    await client.send("PATCH", f"{USERS}/{ada}", json={"operator": True})

    assert (stale.status, last.status) == (409, 409)
    assert await names(club) == [("user.created", None), ("user.updated", None)]
    assert [event.model_dump()["name"] for event in await club.emitted()] == ["Ada L", "Ada K. L"]


async def test_a_link_to_choose_a_password_confirms_the_address_once(club: Harness) -> None:
    """Of an account that an operator made, the first link is told as confirming it; the next one changes nothing."""
    _, client = await operator_of(club)
    await client.post(USERS, {"first_name": "Ada", "last_name": "L", "email": "ada@x.test"})
    await post(club, "password/reset", token=await token_sent(club), password=PASSWORD)
    await post(club, "password/forgot", email="ada@x.test")
    again = await post(club, "password/reset", token=await token_sent(club), password="Other-Horse-2")

    assert again.status == 200
    told = [(event.event_name, event.model_dump()["email_verified"]) for event in await club.emitted()]
    assert told == [("user.created", False), ("user.updated", True)]


async def test_webhooks_hear_of_their_own_people(club: Harness, receiver: Receiver) -> None:
    """Each organization that somebody belongs to, under one id; none learns of the others, nor of strangers."""
    orgs = [await club.organization(name) for name in ("Alpha", "Beta", "Gamma")]
    max_ = await club.member("max@x.test", org=orgs[0].id)
    await club.rows(
        "insert into portico.members (org_id, user_id, role) values ($1, $2, 'member')", orgs[1].id, max_.id
    )
    for org in orgs:
        await listen(club, org, receiver)
    _, operator = await operator_of(club, orgs[2].id)

    changed = await operator.send("PATCH", f"{USERS}/{max_.id}", json={"first_name": "Max"})
    deleted = await operator.send("DELETE", f"{USERS}/{max_.id}")
    await club.deliver()

    assert (changed.status, deleted.status) == (200, 200), deleted.text
    events = [str(row["event_id"]) for row in await club.rows(EVENTS)]
    got = sorted((request.path, request.id, request.json["event"]) for request in receiver.got)
    expected = [(f"/{org.slug}", id, name) for org in orgs[:2] for id, name in zip(events, TOLD, strict=True)]
    assert got == sorted(expected)
    assert {request.json["data"]["email"] for request in receiver.got} == {"max@x.test"}
    assert all(str(org.id) not in request.body.decode() for request in receiver.got for org in orgs)


TOLD = ["user.updated", "user.deleted"]


async def listen(club: Harness, org: Org, receiver: Receiver) -> None:
    """An endpoint of an organization's for what happens to accounts."""
    owner = await club.member(f"owner@{org.slug}.test", org=org.id, role="owner")
    data = NewEndpoint(url=f"http://127.0.0.1:{receiver.port}/{org.slug}", events=["user.*"])
    (await club.app.as_(owner, org=org.id).call(create_endpoint, data=data)).unwrap()


async def test_the_catalog_has_them(club: Harness) -> None:
    """With a schema and an example, as every event of the application's; and so has its OpenAPI document."""
    catalog = (await club.client().get("/api/v1/webhooks/events")).json["data"]
    document = (await club.client().get("/api/v1/openapi.json")).json

    kinds = {kind["name"]: kind for kind in catalog}
    assert set(kinds) >= {"user.created", "user.updated", "user.deleted"}
    assert set(kinds["user.created"]["json_schema"]["properties"]) == set(kinds["user.created"]["example"])
    assert {"user.created", "user.updated", "user.deleted"} <= set(document["webhooks"])


async def test_an_address_that_is_known_is_no_new_account(club: Harness) -> None:
    """Who signs up again is told by mail alone."""
    await register(club)
    await post(club, "sign-up", email=EMAIL, password=PASSWORD)

    assert await names(club) == [("user.created", None), ("user.updated", None)]


def test_a_handler_in_an_organization_refuses_the_start() -> None:
    """The event is of none."""
    module = Module("wrong")

    @module.on(UserCreated)
    async def welcome(ctx: TenantContext, event: UserCreated) -> None:
        """In whose?"""

    with pytest.raises(Misconfigured, match="UserCreated is of no organization; write ctx: SystemContext"):
        App("wrong", modules=[module])
