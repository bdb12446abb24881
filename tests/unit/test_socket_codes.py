"""What a WebSocket is closed with."""

import pytest

from portico import (
    Error,
    Forbidden,
    Invalid,
    NotFound,
    SlowClient,
    TimedOut,
    TooLarge,
    TooManyStreams,
    Unauthorized,
    Unavailable,
    Unsupported,
)
from portico.transports.socket import code_of


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (None, 1000),
        (Unauthorized(), 4401),
        (Forbidden(), 4403),
        (NotFound(), 4404),
        (SlowClient(), 4408),
        (Unsupported(), 4415),
        (Invalid(), 4422),
        (TooManyStreams(), 4429),
        (TooLarge(), 1009),
        (Error(), 1011),
        (TimedOut(), 1011),
        (Unavailable(), 1013),
    ],
    ids=str,
)
def test_a_code_is_a_known_one_or_4000_and_the_status(error: Error | None, code: int) -> None:
    """So that a client which knows statuses knows codes."""
    assert code_of(error) == code
