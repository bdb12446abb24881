"""Idempotency keys as callers write them."""

import pytest

from portico.core.keys import clean_key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("k1", "k1"),
        ('"k1"', "k1"),
        ('"with space"', "with space"),
        ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
        ("x" * 255, "x" * 255),
        ('"' + "x" * 255 + '"', "x" * 255),
    ],
)
def test_a_key_may_be_bare_or_quoted(written: str, key: str) -> None:
    """Quoted as the IETF draft has it, bare as everybody writes it: the same key."""
    assert clean_key(written) == key


@pytest.mark.parametrize(
    "written", [None, "", '""', "x" * 256, "with space", 'half"', '"half', "tab\there", "ümlaut", "a\nb", "a\x00b"]
)
def test_what_is_no_key_is_none(written: str | None) -> None:
    """Empty, too long, or with characters that a header cannot carry."""
    assert clean_key(written) is None
