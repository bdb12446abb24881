"""Lists by cursor over GraphQL, forward and backward, from either end and from any row."""

from typing import Any

import pytest

from portico.testing import Harness
from tests.promises.business import Business, open_business
from tests.salon.test_graphql import ask

pytestmark = pytest.mark.anyio
PAGE = """
query($first: Int, $after: String, $last: Int, $before: String) {
  appointments(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
SEVEN = 7


@pytest.fixture
async def business(portico: Harness) -> Business:
    """A business with seven appointments."""
    opened = await open_business(portico, "Curl")
    for number in range(SEVEN):
        await opened.book(f"k{number}", opened.visit())
    return opened


async def page(business: Business, **asked: object) -> Any:
    """One page."""
    return (await ask(business.client, PAGE, **asked))["data"]["appointments"]


async def whole(business: Business) -> tuple[list[str], list[str]]:
    """The ids of all appointments in their order, and the cursor of each."""
    edges = (await page(business, first=100))["edges"]
    return [edge["node"]["id"] for edge in edges], [edge["cursor"] for edge in edges]


def ids(found: Any) -> list[str]:
    """Of the rows of a page."""
    return [edge["node"]["id"] for edge in found["edges"]]


def about(found: Any) -> tuple[bool, bool]:
    """Whether rows lie before the page, and after it."""
    return found["pageInfo"]["hasPreviousPage"], found["pageInfo"]["hasNextPage"]


async def test_the_last_of_a_list_are_its_end(business: Business) -> None:
    """In the list's order, with others before them and none after."""
    everything, cursors = await whole(business)

    found = await page(business, last=3)

    assert len(everything) == SEVEN
    assert ids(found) == everything[-3:]
    assert about(found) == (True, False)
    assert [found["pageInfo"][end] for end in ("startCursor", "endCursor")] == [cursors[-3], cursors[-1]]


async def test_a_list_is_read_backward_to_its_beginning(business: Business) -> None:
    """Page by page, each row once; the first page is whole, and nothing lies before it."""
    everything, _ = await whole(business)
    found = await page(business, last=3)
    seen, pages = ids(found), 1

    while found["pageInfo"]["hasPreviousPage"]:
        found = await page(business, last=3, before=found["pageInfo"]["startCursor"])
        seen, pages = ids(found) + seen, pages + 1

    assert (seen, pages) == (everything, 3)
    assert about(found) == (False, True)


async def test_forward_and_backward_are_the_same_list(business: Business) -> None:
    """Whatever row one turns at: what is before it and what is after it are the rest."""
    everything, cursors = await whole(business)

    for place, cursor in enumerate(cursors):
        before, after = await page(business, last=100, before=cursor), await page(business, first=100, after=cursor)

        assert ids(before) == everything[:place]
        assert ids(after) == everything[place + 1 :]
        assert (about(before), about(after)) == ((False, True), (True, False))


async def test_rows_between_two_cursors_are_read_from_either_side(business: Business) -> None:
    """And it is told that others lie on both sides."""
    everything, cursors = await whole(business)
    between = {"after": cursors[0], "before": cursors[5]}

    first, last = await page(business, first=2, **between), await page(business, last=2, **between)

    assert (ids(first), ids(last)) == (everything[1:3], everything[3:5])
    assert about(first) == about(last) == (True, True)


@pytest.mark.parametrize(
    ("asked", "member"),
    [
        ({"first": 1, "last": 1}, "last"),
        ({"last": 0}, "last"),
        ({"before": "nonsense"}, "before"),
        ({"before": "1~"}, "before"),
        ({"after": "nonsense"}, "after"),
    ],
)
async def test_what_makes_no_sense_is_named(business: Business, asked: dict[str, object], member: str) -> None:
    """As a member of the input."""
    answer = await ask(business.client, PAGE, **asked)

    assert answer["data"] == {"appointments": None}
    assert list(answer["errors"][0]["extensions"]["errors"]) == [member]


async def test_a_program_s_list_is_as_it_was(business: Business) -> None:
    """What GraphQL is told besides is not on REST's wire."""
    reply = await business.client.get("/api/v1/appointments?limit=3")

    assert set(reply.json["meta"]) == {"limit", "after"}
