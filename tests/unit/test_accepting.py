"""What a client accepts: media types ignore case, the narrowest range counts, a weight of 0 is a no."""

import pytest

from portico.transports.accepting import liked_best, takes

EVENTS, JSON, TEXT = "text/event-stream", "application/json", "text/plain"


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("text/event-stream", True),
        ("Text/Event-Stream", True),
        ("application/json, text/event-stream ; q=0.1", True),
        ("text/event-stream;charset=utf-8", True),
        ("text/event-stream;q=0, application/json", False),
        ("text/event-stream;q=0.0", False),
        ("text/event-stream;q=nonsense", False),
        ("text/event-streams, */*", False),
        ("text/*", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_who_names_a_media_type_takes_it(accepted: str, *, taken: bool) -> None:
    """Unless it is named as what is not taken."""
    assert takes({"accept": accepted}, EVENTS) is taken
    assert not takes({}, EVENTS)


@pytest.mark.parametrize(
    ("accepted", "best"),
    [
        ("*/*", JSON),
        ("text/*", TEXT),
        ("text/plain, application/json", TEXT),
        ("text/plain;q=0.5, application/json", JSON),
        ("application/json;q=0, */*", TEXT),
        ("*/*, application/json;q=0.5", TEXT),
        ("text/*;q=0.2, text/plain;q=0.9, application/*;q=0.5", TEXT),
        ("TEXT/EVENT-STREAM, */*;q=0.9", EVENTS),
        ("text/*, text/plain;q=0", None),
        ("image/png", None),
        ("*/*;q=0", None),
        ("", None),
    ],
)
def test_the_best_of_what_is_offered_is_chosen(accepted: str, best: str | None) -> None:
    """By its weight, then by who named it first; what has to be named is not meant by a wildcard."""
    assert liked_best(accepted, (JSON, TEXT, EVENTS), named=(EVENTS,)) == best
