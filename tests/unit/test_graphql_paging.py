"""Connections: which page is asked for, which rows of it are given."""

from copy import deepcopy
from typing import Any

import pytest

from portico import App, Invalid, Keyset
from portico.ports.paging import Edges
from portico.transports.graphql.paging import connection, window_of
from tests.unit.catalog import catalog

PLANS = App("sample", modules=[catalog]).plans
KEYSET, NUMBERED = PLANS["catalog.find"], PLANS["catalog.find_makers"]


@pytest.mark.parametrize(
    ("given", "members", "part"),
    [
        ({}, {"limit": 20}, (0, 20)),
        ({"first": 5}, {"limit": 5}, (0, 5)),
        ({"first": 100}, {"limit": 100}, (0, 100)),
        ({"first": 1000}, {"limit": 100}, (0, 100)),
        ({"after": "abc"}, {"limit": 20, "after": "abc"}, (0, 20)),
        ({"first": 3, "after": "abc"}, {"limit": 3, "after": "abc"}, (0, 3)),
        ({"first": 3, "after": "2~abc"}, {"limit": 5, "after": "abc"}, (2, 3)),
        ({"first": 3, "after": "2~"}, {"limit": 5}, (2, 3)),
        ({"first": 90, "after": "50~abc"}, {"limit": 100, "after": "abc"}, (50, 90)),
    ],
)
def test_a_list_by_cursor_is_asked_for_what_is_wanted(
    given: dict[str, Any], members: dict[str, object], part: tuple[int, int]
) -> None:
    """A cursor within a page asks for that page once more, and skips what was seen of it."""
    window = window_of(KEYSET, given)

    assert (dict(window.members), (window.skip, window.size)) == (members, part)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, (1, 20, 0, 20)),
        ({"first": 5}, (1, 5, 0, 5)),
        ({"first": 5, "after": "5~"}, (2, 5, 0, 5)),
        ({"first": 5, "after": "10~"}, (3, 5, 0, 5)),
        ({"first": 5, "after": "3~"}, (1, 8, 3, 5)),
        ({"first": 2, "after": "3~"}, (2, 3, 0, 2)),
        ({"first": 1000}, (1, 100, 0, 100)),
        ({"last": 5, "before": "11~"}, (2, 5, 0, 5)),
        ({"last": 5, "before": "4~"}, (1, 3, 0, 3)),
        ({"before": "4~"}, (1, 3, 0, 3)),
        ({"first": 2, "before": "9~"}, (1, 2, 0, 2)),
        ({"after": "2~", "before": "5~"}, (2, 2, 0, 2)),
        ({"first": 5, "before": "1~"}, (1, 1, 0, 0)),
    ],
)
def test_a_numbered_list_is_asked_for_one_page_that_holds_them(given: dict[str, Any], asked: tuple[int, ...]) -> None:
    """Wherever the wanted rows begin: a page is found that has all of them."""
    window = window_of(NUMBERED, given)

    members = dict(window.members)
    assert (members["page"], members["limit"], window.skip, window.size) == asked


@pytest.mark.parametrize(
    ("given", "member"),
    [
        ({"first": 0}, "first"),
        ({"first": -1}, "first"),
        ({"last": 0, "before": "5~"}, "last"),
        ({"last": 5}, "last"),
        ({"after": "x~"}, "after"),
        ({"after": "~"}, "after"),
        ({"after": "-1~"}, "after"),
        ({"after": "99999999999~"}, "after"),
        ({"after": "0~"}, "after"),
        ({"after": "5"}, "after"),
        ({"after": "5~abc"}, "after"),
        ({"before": "x"}, "before"),
        ({"before": "0~"}, "before"),
    ],
)
def test_a_page_that_makes_no_sense_is_refused(given: dict[str, Any], member: str) -> None:
    """The argument that is to blame is named, as any member of an input."""
    with pytest.raises(Invalid) as refused:
        window_of(NUMBERED, given)

    assert list(refused.value.errors or {}) == [member]


@pytest.mark.parametrize("after", ["x~abc", "~abc", "-2~abc", "0~abc", "99999999999~abc"])
def test_a_cursor_that_is_none_of_ours_is_refused(after: str) -> None:
    """What nobody gave out is not taken."""
    with pytest.raises(Invalid):
        window_of(KEYSET, {"after": after})


@pytest.mark.parametrize(
    ("given", "pages"),
    [
        ({"first": 100, "after": "68~"}, [1, 2]),
        ({"first": 99, "after": "50~"}, [1, 2]),
        ({"last": 100, "before": "151~"}, [1, 2]),
        ({"first": 100, "after": "200~"}, [3]),
    ],
)
def test_where_no_page_has_them_all_two_do(given: dict[str, Any], pages: list[int]) -> None:
    """As many as are wanted are given."""
    window, rows = window_of(NUMBERED, given), list(range(300))

    asked = [window.members, *([window.rest] if window.rest else [])]

    assert [(members["page"], members["limit"]) for members in asked] == [(page, 100) for page in pages]
    assert len(numbered(rows, given)["nodes"]) == given.get("first", given.get("last"))


@pytest.mark.parametrize("size", range(1, 12))
def test_a_numbered_list_is_read_to_its_end(size: int) -> None:
    """Each row once, in order, whatever the size of the pages."""
    rows, seen, after = list(range(23)), list[int](), None
    while True:
        given = {"first": size} | ({"after": after} if after else {})
        page = numbered(rows, given)
        seen += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert seen == rows


@pytest.mark.parametrize("size", range(1, 12))
def test_a_numbered_list_is_read_backward_to_its_beginning(size: int) -> None:
    """Each row once, the pages from the last to the first."""
    rows, seen, before = list(range(23)), list[int](), "24~"
    while True:
        page = numbered(rows, {"last": size, "before": before})
        seen = page["nodes"] + seen
        before = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break

    assert seen == rows


@pytest.mark.parametrize("every", [1, 2, 3, 7])
def test_a_list_by_cursor_is_read_on_from_any_edge(every: int) -> None:
    """Whichever edge of a page the next one begins at: no row is lost, none comes twice."""
    rows, seen, after = list(range(31)), list[int](), None
    while True:
        page = by_cursor(rows, {"first": 7} | ({"after": after} if after else {}))
        edges = page["edges"][:every]
        seen += [edge["node"] for edge in edges]
        if not edges or (len(edges) == len(page["edges"]) and not page["pageInfo"]["hasNextPage"]):
            break
        after = edges[-1]["cursor"]

    assert seen == rows


@pytest.mark.parametrize(("given", "member"), [({"last": 2}, "last"), ({"first": 2, "before": "abc"}, "before")])
def test_a_list_that_gives_no_cursors_is_read_forward_alone(given: dict[str, Any], member: str) -> None:
    """One that its handler has put together: it is refused rather than answered wrongly."""
    with pytest.raises(Invalid) as refused:
        connection(window_of(KEYSET, given), [1, 2], {"limit": 2, "after": None})

    assert list(refused.value.errors or {}) == [member]


def test_a_list_that_gives_cursors_is_told_as_it_is() -> None:
    """Each row with its own, and what lies about them."""
    meta = {"limit": 2, "after": "d", "edged": [["c", "d"], True, True]}

    found = connection(window_of(KEYSET, {"last": 2}), [3, 4], meta)

    assert found["edges"] == [{"cursor": "c", "node": 3}, {"cursor": "d", "node": 4}]
    ends = {"startCursor": "c", "endCursor": "d"}
    assert found["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": True, **ends}


@pytest.mark.parametrize("after", ["1~", "50~", "2~abc"])
def test_a_cursor_that_counts_rows_is_none_of_a_list_whose_rows_have_their_own(after: str) -> None:
    """One of another list: it is refused, where it would make the page longer than was asked for."""
    meta = {"limit": 3, "after": "d", "edged": [["b", "c", "d"], False, True]}

    with pytest.raises(Invalid) as refused:
        connection(window_of(KEYSET, {"first": 1, "after": after}), [2, 3, 4], meta)

    assert [found.code for found in (refused.value.errors or {})["after"]] == ["VAL_INVALID_CURSOR"]


def test_an_empty_list_is_an_empty_connection() -> None:
    """No rows, no cursors, no other pages."""
    assert by_cursor([], {}) == {
        "edges": [],
        "nodes": [],
        "totalCount": None,
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": False,
            "startCursor": None,
            "endCursor": None,
        },
    }


def test_a_numbered_list_says_how_many_there_are() -> None:
    """Of the whole list, not of the page."""
    assert numbered(list(range(23)), {"first": 2})["totalCount"] == 23


def numbered(rows: list[int], given: dict[str, Any]) -> dict[str, Any]:
    """The connection that a numbered list of those rows would be answered with."""
    window = window_of(NUMBERED, given)
    page, limit = int(str(window.members["page"])), int(str(window.members["limit"]))
    last = page if window.rest is None else page + 1
    return connection(window, rows[(page - 1) * limit : last * limit], {"total": len(rows), "limit": limit})


def by_cursor(rows: list[int], given: dict[str, Any]) -> dict[str, Any]:
    """The connection that a list by cursor would be answered with; its cursors are `c` and the row."""
    window = window_of(KEYSET, given)
    start = int(str(window.members["after"])[1:]) + 1 if "after" in window.members else 0
    limit = int(str(window.members["limit"]))
    data = rows[start : start + limit]
    more = start + limit < len(rows)
    return connection(window, data, {"limit": limit, "after": f"c{data[-1]}" if more else None})


def test_a_page_of_one_s_own_kind_is_asked_for_as_connections_do() -> None:
    """It stays what it is, private parts too; the page that it was made of is as it was."""

    class Search(Keyset):
        word: str = ""
        _seen: int = 7

    plain = Search(limit=3, word="hat")

    edged = plain.edged(Edges("c", backward=True))

    assert (edged.word, edged.limit, edged._seen, edged.edges) == ("hat", 3, 7, Edges("c", backward=True))
    assert deepcopy(edged).edges == edged.edges
    assert plain.edges is Keyset().edges is None
