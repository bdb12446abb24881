"""Secrets are taken out of what is written to a log, and nothing else is."""

from time import process_time

import pytest
from pydantic import BaseModel, SecretBytes, SecretStr

from portico import Conflict, Error, Forbidden, Invalid, NotFound, QuotaExceeded, RateLimited, Unavailable
from portico.core.scrubbing import LONGEST, scrub, secrets_of
from portico.errors.categories import category_of, severity_of


class Door(BaseModel):
    """Holds secrets by type and by name."""

    lock: SecretStr
    reset_token: str
    color: str = "green"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("sent Authorization: Bearer abc.def-123~4", "sent Authorization: Bearer [secret]"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig-1", "jwt [secret]"),
        ("key pk_0123456789abcdef was refused", "key [secret] was refused"),
        ("postgresql://app:hunter2@db/salon", "postgresql://app:[secret]@db/salon"),
        ("GET /invitation?token=abc123&page=2", "GET /invitation?token=[secret]&page=2"),
        ('{"password": "hunter 2", "name": "Ada"}', '{"password": [secret], "name": "Ada"}'),
        ("connect(password='hunter2')", "connect(password=[secret])"),
        ("Failing row contains (1, ada, $argon2id$x, (a)).", "Failing row contains [secret]"),
        ("Key (email)=(ada@x.test) already exists.", "Key (email)=([secret])"),
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str, left: str) -> None:
    """Tokens, keys, passwords in addresses and objects, rows that PostgreSQL shows; what stands beside them stays."""
    assert scrub(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "token = await make_token(password=data.password)",
        "https://app.example.com/secrets?page=2",
        "the secret of a good harbor: patience",
        "the basic rules",
    ],
)
def test_what_only_speaks_of_secrets_stays(text: str) -> None:
    """A line of source in a traceback is still a line of source."""
    assert scrub(text) == text


def test_known_secrets_are_hidden_wherever_they_stand() -> None:
    """The longer one first, so that no rest of it is left."""
    assert scrub("ab12cd ab12", {"ab12", "ab12cd"}) == "[secret] [secret]"


def test_a_call_keeps_its_credentials_and_secret_members() -> None:
    """Header, cookies, members that are secret by type or by name, however deep; what is too short is no word."""
    headers = {"authorization": "Bearer crow-nest-bearer", "cookie": 'a="first-of-the-cookies"; b=Error; c=xy'}
    values = {"door": Door(lock=SecretStr("oak-bar"), reset_token="r-token-1"), "raw": [SecretBytes(b"bytes")], "n": 1}

    assert secrets_of(headers, values) == {"crow-nest-bearer", "first-of-the-cookies", "oak-bar", "r-token-1", "bytes"}


@pytest.mark.parametrize(
    "piece", ["a", "a-", "token", "://a:", "Key (a)=(", "Failing row contains (", "x?token", "http", "bearer "]
)
def test_a_long_text_takes_no_long_time(piece: str) -> None:
    """A caller may have chosen it: no pattern walks it again from each of its characters."""
    began = process_time()

    left = scrub(piece * (2 * LONGEST // len(piece)))

    assert len(left) <= LONGEST
    assert process_time() - began < 1


@pytest.mark.parametrize(
    ("error", "category", "severity"),
    [
        (Error(), "internal", "error"),
        (Forbidden(), "auth", "warning"),
        (QuotaExceeded(), "business", "warning"),
        (NotFound(), "missing", "info"),
        (Conflict(), "conflict", "info"),
        (Invalid(), "validation", "info"),
        (RateLimited(), "limit", "warning"),
        (Unavailable(), "external", "error"),
    ],
)
def test_every_refusal_has_a_category_and_a_severity(error: Error, category: str, severity: str) -> None:
    """For those who look for a kind of trouble."""
    assert (category_of(error), severity_of(error.status)) == (category, severity)
