"""Entity tags, as conditional requests name them."""

import pytest

from portico.core.etags import is_named


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ("*", True),
        ('"b"', False),
        ("a", False),
        ("", False),
        (None, False),
    ],
)
def test_a_condition_is_compared_weakly(condition: str | None, *, named: bool) -> None:
    """A list, a star, a weak tag (RFC 9110, sections 8.8.3.2 and 13.1)."""
    assert is_named("a", condition) is named
