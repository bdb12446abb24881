"""Two organizations, hammered by random operations of their members: neither ever sees anything of the other."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import chain, count
from typing import TypeAlias
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portico.testing import Harness, Reply
from tests.promises.business import Business, open_business

pytestmark = pytest.mark.anyio
STAFF_OF_FREE = 4
THINGS = ("customers", "services", "staff", "appointments")
CREATED: dict[str, dict[str, object]] = {
    "customers": {"notes": "a note"},
    "services": {"duration_minutes": 15},
    "staff": {"title": "a title"},
}


@dataclass
class Side:
    """One organization, what is known to be in it, and the other one, of which it must learn nothing."""

    business: Business
    name: str
    ids: dict[str, list[str]] = field(default_factory=lambda: {things: [] for things in THINGS})
    numbers: "count[int]" = field(default_factory=count)
    other: "Side | None" = None

    @property
    def rival(self) -> "Side":
        """The other organization."""
        assert self.other is not None
        return self.other

    def own(self, things: str, pick: int) -> str:
        """One of its own."""
        return self.ids[things][pick % len(self.ids[things])]

    def foreign(self, things: str, pick: int) -> str:
        """One of the other's."""
        return self.rival.own(things, pick)

    async def ask(self, method: str, path: str, json: object = None, *, key: str = "") -> Reply:
        """A request whose answer, whatever it says, says nothing of the other."""
        headers = {"idempotency-key": key} if key else {}
        reply = await self.business.client.send(method, f"/api/v1/{path}", json=json, headers=headers)
        assert reply.status < 500, reply.text
        told = reply.text + str(reply.headers)
        asked = path + str(json)
        rival = self.rival
        secrets = [rival.name, str(rival.business.org.id), rival.business.org.slug, *chain(*rival.ids.values())]
        assert [secret for secret in secrets if secret in told and secret not in asked] == []
        return reply


def same(first: Reply, second: Reply) -> bool:
    """Whether two refusals tell the same, but for their request."""
    told = [{**reply.json, "request_id": ""} for reply in (first, second)]
    return first.status == second.status and told[0] == told[1]


async def creates(side: Side, pick: int) -> None:
    """A thing of its own; of the staff there are as many as the plan allows, however many the other has."""
    things = ("customers", "services", "staff")[pick % 3]
    reply = await side.ask("POST", things, CREATED[things] | {"name": f"{side.name} {next(side.numbers)}"})
    full = things == "staff" and len(side.ids[things]) == STAFF_OF_FREE
    assert reply.status == (403 if full else 201)
    if not full:
        side.ids[things].append(reply.json["data"]["id"])


async def books(side: Side, pick: int) -> None:
    """A booking of its own; both organizations use the same keys and the same times."""
    number = next(side.numbers)
    visit = side.business.visit(staff_id=side.own("staff", pick), customer_id=side.own("customers", pick))
    reply = await side.ask("POST", "appointments", visit | {"notes": f"{side.name} {number}"}, key=f"key-{number}")
    assert reply.status == 201
    assert "idempotent-replayed" not in reply.headers
    side.ids["appointments"].append(reply.json["data"]["id"])


async def books_foreign(side: Side, pick: int) -> None:
    """A booking with something of the other's is refused as one with something that nobody has."""
    member, things = (("customer_id", "customers"), ("service_id", "services"), ("staff_id", "staff"))[pick % 3]
    visit = side.business.visit()
    theirs = await side.ask("POST", "appointments", visit | {member: side.foreign(things, pick)}, key=str(uuid4()))
    nobodys = await side.ask("POST", "appointments", visit | {member: str(uuid4())}, key=str(uuid4()))
    assert theirs.status == 404
    assert same(theirs, nobodys)


async def touches_foreign(side: Side, pick: int) -> None:
    """To read, change, move, cancel or delete what is the other's is to find nothing."""
    things = THINGS[pick % 4]
    calls: list[tuple[str, str, object]] = [("GET", "", None), ("PATCH", "", {"name": "stolen", "version": 1})]
    if things == "appointments":
        calls += [
            ("PATCH", "", {"notes": "stolen", "version": 1}),
            ("POST", "/reschedule", {"scheduled_at": "2031-05-05T10:00:00Z"}),
            ("POST", "/cancel", {"reason": "stolen"}),
        ]
    if things == "customers":
        calls += [("DELETE", "", None)]
    method, path, body = calls[pick // 4 % len(calls)]
    theirs = await side.ask(method, f"{things}/{side.foreign(things, pick)}{path}", body)
    nobodys = await side.ask(method, f"{things}/{uuid4()}{path}", body)
    assert theirs.status == 404
    assert same(theirs, nobodys)


async def moves_to_foreign(side: Side, pick: int) -> None:
    """An appointment cannot be given to the other's staff."""
    path = f"appointments/{side.own('appointments', pick)}/reschedule"
    time = {"scheduled_at": side.business.visit()["scheduled_at"]}
    theirs = await side.ask("POST", path, time | {"staff_id": side.foreign("staff", pick)})
    nobodys = await side.ask("POST", path, time | {"staff_id": str(uuid4())})
    assert theirs.status == 404
    assert same(theirs, nobodys)


async def counts(side: Side, _pick: int) -> None:
    """Totals are of its own things, exactly; the search for the other's name finds none of them."""
    total = (await side.ask("GET", "customers?limit=1")).json["meta"]["total"]
    assert total == len(side.ids["customers"])
    found = await side.ask("GET", f"customers?search={side.rival.name}")
    assert found.json["data"] == []
    assert found.json["meta"]["total"] == 0


async def lists(side: Side, pick: int) -> None:
    """All its appointments, to the last page and not one more; none with the other's staff or customer."""
    seen: list[str] = []
    after = ""
    while True:
        page = (await side.ask("GET", f"appointments?limit=7{after}")).json
        seen += [appointment["id"] for appointment in page["data"]]
        if page["meta"]["after"] is None:
            break
        after = f"&after={page['meta']['after']}"
    assert sorted(seen) == sorted(side.ids["appointments"])
    filters = f"staff_id={side.foreign('staff', pick)}", f"customer_id={side.foreign('customers', pick)}"
    assert (await side.ask("GET", f"appointments?{filters[pick % 2]}")).json["data"] == []


async def reads_with_foreign_cursor(side: Side, _pick: int) -> None:
    """A cursor of the other's list leads into its own list."""
    page = await side.rival.ask("GET", "appointments?limit=1")
    after = page.json["meta"]["after"]
    if after is not None:
        own = await side.ask("GET", f"appointments?after={after}&limit=100")
        assert {appointment["id"] for appointment in own.json["data"]} <= set(side.ids["appointments"])


async def enters_foreign(side: Side, _pick: int) -> None:
    """Naming the other organization is refused, as naming one that is not there."""
    theirs = await side.business.client.get("/api/v1/customers", {"x-org-id": str(side.rival.business.org.id)})
    nobodys = await side.business.client.get("/api/v1/customers", {"x-org-id": str(uuid4())})
    assert theirs.status == 403
    assert same(theirs, nobodys)
    mine = await side.ask("GET", "organizations")
    assert [org["id"] for org in mine.json["data"]] == [str(side.business.org.id)]
    org, owner = side.rival.business.org.id, side.rival.business.owner.id
    refused = [
        await side.ask("GET", f"organizations/{org}"),
        await side.ask("PATCH", f"organizations/{org}", {"name": "stolen"}),
        await side.ask("GET", f"organizations/{org}/members"),
        await side.ask("POST", f"organizations/{org}/invitations", {"email": "thief@x.test", "role": "owner"}),
        await side.ask("PATCH", f"organizations/{org}/members/{owner}", {"role": "member"}),
        await side.ask("PATCH", f"organizations/{side.business.org.id}/members/{owner}", {"role": "member"}),
    ]
    assert {reply.status for reply in refused} == {404}


Operation: TypeAlias = Callable[[Side, int], Awaitable[None]]
OPERATIONS: tuple[Operation, ...] = (
    creates,
    books,
    books_foreign,
    touches_foreign,
    moves_to_foreign,
    counts,
    lists,
    reads_with_foreign_cursor,
    enters_foreign,
)
STEPS = st.lists(
    st.tuples(st.sampled_from(OPERATIONS), st.sampled_from(OPERATIONS), st.integers(0, 63)), min_size=5, max_size=25
)


async def open_side(salon: Harness, name: str) -> Side:
    """A business with one of each thing."""
    business = await open_business(salon, name)
    side = Side(business, name)
    for things, id in (("customers", business.customer), ("services", business.service), ("staff", business.staff)):
        side.ids[things].append(id)
    booked = await business.book("first", business.visit())
    side.ids["appointments"].append(booked.json["data"]["id"])
    return side


async def untouched(salon: Harness, side: Side) -> None:
    """What the owner of the tables sees of an organization is what its members did, and no more."""
    org: UUID = side.business.org.id
    for things in THINGS:
        rows = await salon.rows(f"select id::text from {things} where org_id = $1", org)
        assert sorted(row["id"] for row in rows) == sorted(side.ids[things])
    stolen = await salon.rows(
        "select 1 from customers where name = 'stolen' union all select 1 from appointments where notes = 'stolen'"
    )
    assert stolen == []
    audits = await salon.rows("select distinct user_id from portico.audit where org_id = $1", org)
    assert [row["user_id"] for row in audits] == [side.business.owner.id]


@settings(
    max_examples=50,
    deadline=None,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=(HealthCheck.function_scoped_fixture, HealthCheck.too_slow),
)
@given(steps=STEPS)
async def test_two_hammered_organizations_learn_nothing_of_each_other(
    salon: Harness, steps: list[tuple[Operation, Operation, int]]
) -> None:
    """No row, id, count or error text of one is ever visible to the other, whatever its members do at the same time."""
    one, two = await open_side(salon, "Kestrel"), await open_side(salon, "Wagtail")
    one.other, two.other = two, one

    for first, second, pick in steps:
        await asyncio.gather(first(one, pick), second(two, pick))

    await untouched(salon, one)
    await untouched(salon, two)
