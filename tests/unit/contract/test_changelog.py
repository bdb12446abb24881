"""What changed is drawn from what the modules declare."""

import base64
import hashlib
import re
from datetime import date

from portico import Change, Module, Version
from portico.generate import changelog
from portico.modules import users


def test_a_change_tells_what_became_of_the_shapes() -> None:
    """The sentence of whoever made it, and the members that come and go, of what callers send and are told."""
    text = changelog.markdown([users])

    assert "| users | v1 | 2026-11-20 | 2026-11-28 | 2027-11-28 |" in text
    assert "| users | v2 | 2026-11-28 | – | – |" in text
    assert "## 2026-11-28 · users v2\n\nA name is told and taken in two parts" in text
    assert "- Answers: UserV1 becomes UserV2; with first_name, last_name, created_at; without name." in text
    assert "- Input: NewUserV1 becomes NewUserV2; with first_name, last_name; without name." in text


def test_the_latest_change_comes_first() -> None:
    """Whichever module it is of."""
    one = Module("one", versions=(Version("v1", date(2026, 1, 1)), Version("v2", date(2026, 2, 1), (change(1),))))
    two = Module("two", versions=(Version("v1", date(2026, 1, 1)), Version("v2", date(2026, 2, 1), (change(3),))))

    found = changelog.entries([one, two])

    assert [(entry.module.name, entry.change.on.month) for entry in found] == [("two", 3), ("one", 1)]


def test_the_page_shows_no_markup_of_others() -> None:
    """What a change says is text."""
    odd = Module("odd", versions=(Version("v1", date(2026, 1, 1)), Version("v2", date(2026, 2, 1), (change(1),))))

    page = changelog.page("<b>", [odd])

    assert "&lt;b&gt;: what changed" in page
    assert "<b>" not in page
    assert "Month 1 &amp; more." in page


def test_the_page_s_policy_admits_its_style_and_nothing_else() -> None:
    """By its hash, which a change of the style changes."""
    style = re.search(r"<style>(.*?)</style>", changelog.page("shop", []), re.DOTALL)

    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" == changelog.POLICY


def test_where_nothing_changed_the_page_says_so() -> None:
    """An application with one version has no list to show."""
    assert "There is one version; nothing has changed." in changelog.page("shop", [Module("plain")])


def change(month: int) -> Change:
    """A change that touches no shape."""
    return Change(date(2026, month, 1), f"Month {month} & more.")
