"""Bookmarks: what clients keep of their place in the outbox."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.core.bookmark import KEPT, Bookmark
from portico.ports.events import Position

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
NUMBERS = st.integers(0, 2**63 - 1)


@given(NUMBERS, NUMBERS)
def test_a_bookmark_is_read_as_it_was_written(xid: int, number: int) -> None:
    """As a text that needs no escape in a header or an address."""
    bookmark = Bookmark(Position(xid, number), NOW)

    assert Bookmark.read(str(bookmark)) == bookmark
    assert str(bookmark).replace("-", "").replace("_", "").isalnum()


@given(st.text(max_size=40))
def test_any_other_text_is_none(text: str) -> None:
    """Whatever a client sends, nothing breaks."""
    found = Bookmark.read(text)

    assert found is None or isinstance(found, Bookmark)


@pytest.mark.parametrize("text", ["", "42", "ü", "a" * 26, "a" * 28, "\u0000"])
def test_a_text_of_another_length_is_none(text: str) -> None:
    """Neither too short nor too long, and of the right letters."""
    assert Bookmark.read(text) is None


def test_a_bookmark_is_good_for_an_hour() -> None:
    """Longer ago, the outbox may have been swept in between."""
    bookmark = Bookmark(Position(1, 1), NOW)

    assert bookmark.holds(NOW + KEPT)
    assert not bookmark.holds(NOW + KEPT + timedelta(seconds=1))
