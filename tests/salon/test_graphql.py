"""The Salon by GraphQL: lists, relations, bookings."""

from typing import Any

import pytest

from portico.testing import Client, Harness
from tests.promises.business import Business, open_business

pytestmark = pytest.mark.anyio


@pytest.fixture
async def business(portico: Harness) -> Business:
    """A business."""
    return await open_business(portico, "Curl")


async def ask(client: Client, query: str, **variables: object) -> Any:
    """The whole answer."""
    reply = await client.post("/api/graphql", {"query": query, "variables": variables})
    assert reply.status == 200, reply.text
    return reply.json


BOOK = """
mutation($input: AppointmentsCreateInput!, $key: String) {
  appointmentsCreate(input: $input, idempotencyKey: $key) {
    id status customer { name } service { name } staff { name }
  }
}
"""
PAGE = """
query($after: String) {
  appointments(first: 2, after: $after) {
    nodes { id customer { name upcoming { id service { name } } } }
    edges { cursor }
    pageInfo { hasNextPage endCursor hasPreviousPage }
  }
}
"""


async def test_who_signs_in_has_the_session_s_cookie(portico: Harness, business: Business) -> None:
    """As over REST; the next request is the user's."""
    await portico.member("ada@curl.test", org=business.org.id, password="Scissors-and-9-combs")
    visitor = portico.client()
    given = {"email": "ada@curl.test", "password": "Scissors-and-9-combs"}

    sign_in = "mutation($input: IdentitySignInInput!) { identitySignIn(input: $input) { __typename } }"
    signed_in = await ask(visitor, sign_in, input=given)
    me = await visitor.post("/api/graphql", {"query": "{ me { email } }"}, headers={"sec-fetch-site": "same-origin"})

    assert signed_in == {"data": {"identitySignIn": {"__typename": "SignedIn"}}}
    assert "__Host-session" in visitor.cookies
    assert me.json == {"data": {"me": {"email": "ada@curl.test"}}}


async def test_a_booking_is_made_once_and_shows_what_it_names(business: Business) -> None:
    """A mutation has its key as an argument; relations stand behind what it gives."""
    visit = business.visit()

    first = await ask(business.client, BOOK, input=visit, key="k")
    again = await ask(business.client, BOOK, input=visit, key="k")

    assert first["data"]["appointmentsCreate"] == {
        "id": first["data"]["appointmentsCreate"]["id"],
        "status": "booked",
        "customer": {"name": "Curl customer"},
        "service": {"name": "Curl service"},
        "staff": {"name": "Curl staff"},
    }
    assert again == first


async def test_a_taken_slot_and_a_missing_key_are_told_by_code(business: Business) -> None:
    """What an action refuses is an error with the code that REST gives, and the field that is to blame."""
    visit = business.visit()
    await ask(business.client, BOOK, input=visit, key="one")

    taken = await ask(business.client, BOOK, input=visit, key="two")
    bare = await ask(business.client, BOOK, input=visit)

    assert taken["data"] == {"appointmentsCreate": None}
    assert taken["errors"][0]["extensions"]["code"] == "BIZ_SLOT_TAKEN"
    assert list(taken["errors"][0]["extensions"]["errors"]) == ["scheduled_at"]
    assert bare["errors"][0]["extensions"]["code"] == "IDEMPOTENCY_KEY_MISSING"


async def test_a_list_is_read_page_by_page(business: Business) -> None:
    """Each page begins where the one before it ended, wherever its cursor was taken."""
    booked = [(await ask(business.client, BOOK, input=business.visit(), key=f"k{n}")) for n in range(5)]
    ids = [answer["data"]["appointmentsCreate"]["id"] for answer in booked]

    first = (await ask(business.client, PAGE))["data"]["appointments"]
    second = (await ask(business.client, PAGE, after=first["pageInfo"]["endCursor"]))["data"]["appointments"]
    within = (await ask(business.client, PAGE, after=first["edges"][0]["cursor"]))["data"]["appointments"]
    last = (await ask(business.client, PAGE, after=second["pageInfo"]["endCursor"]))["data"]["appointments"]

    assert [row["id"] for row in first["nodes"]] == ids[:2]
    assert [row["id"] for row in second["nodes"]] == ids[2:4]
    assert [row["id"] for row in within["nodes"]] == ids[1:3]
    assert [row["id"] for row in last["nodes"]] == ids[4:]
    assert [page["pageInfo"]["hasNextPage"] for page in (first, second, within, last)] == [True, True, True, False]
    assert len(first["nodes"][0]["customer"]["upcoming"]) == 5


CUSTOMERS = """
query($first: Int, $after: String) {
  customers(first: $first, after: $after) {
    nodes { name }
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


async def test_a_numbered_list_gives_as_many_as_are_wanted(portico: Harness, business: Business) -> None:
    """From wherever, and once each: where no page of it has them all, it is read twice."""
    await portico.rows("delete from customers where org_id = $1", business.org.id)
    await portico.rows(
        "insert into customers (org_id, name) select $1, 'c' || to_char(n, 'FM000') from generate_series(1, 250) n",
        business.org.id,
    )

    middle = (await ask(business.client, CUSTOMERS, first=100, after="68~"))["data"]["customers"]
    end = (await ask(business.client, CUSTOMERS, first=100, after=middle["pageInfo"]["endCursor"]))["data"]["customers"]

    assert [row["name"] for row in middle["nodes"]] == [f"c{n:03}" for n in range(69, 169)]
    assert [row["name"] for row in end["nodes"]] == [f"c{n:03}" for n in range(169, 251)]
    assert (middle["pageInfo"]["hasNextPage"], end["pageInfo"]["hasNextPage"]) == (True, False)
    assert middle["totalCount"] == end["totalCount"] == 250


async def test_a_cursor_of_another_list_is_refused(business: Business) -> None:
    """It would lead to more than is asked for."""
    for number in range(3):
        await ask(business.client, BOOK, input=business.visit(), key=f"k{number}")

    refused = await ask(business.client, PAGE, after="1~")

    assert refused["data"] == {"appointments": None}
    told = refused["errors"][0]["extensions"]["errors"]
    assert [found["code"] for found in told["after"]] == ["VAL_INVALID_CURSOR"]
