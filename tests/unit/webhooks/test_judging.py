"""What becomes of a delivery after each attempt."""

from datetime import UTC, datetime, timedelta

import pytest

from portico.core.webhooks import WebhookTerms
from portico.modules.webhooks.judging import Judge, Outcome, Tried, readable
from portico.ports.courier import Reply

AT = datetime(2026, 5, 17, 12, tzinfo=UTC)
SHORT = WebhookTerms(pauses=(60.0, 600.0))


def judged(status: int | None, *, tries: int = 0, retry_after: str = "", only_once: bool = False) -> Outcome:
    """What comes of an answer; jitter adds all that it may."""
    reply = None if status is None else Reply(status, b"said", retry_after)
    problem = "nobody answered" if status is None else None
    return Judge(SHORT, lambda most: most).outcome(Tried(AT, 0, reply, problem), tries=tries, only_once=only_once)


def after(seconds: float) -> datetime:
    """So long after the attempt."""
    return AT + timedelta(seconds=seconds)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_success_is_one(status: int) -> None:
    """Whatever its kind; nothing follows."""
    assert judged(status) == Outcome(AT, 0, status, None, "said", None, done=True, gone=False)


@pytest.mark.parametrize("status", [100, 199, 300, 301, 302, 304, 307, 308, 400, 401, 404, 408, 429, 500, 503, None])
def test_anything_else_is_tried_again(status: int | None) -> None:
    """A redirect and no answer at all, too."""
    outcome = judged(status)

    assert (outcome.done, outcome.gone, outcome.status) == (False, False, status)
    assert outcome.again_at == after(66)


def test_the_pauses_are_those_of_the_schedule() -> None:
    """Each a tenth longer at most; after the last one there is no other attempt."""
    assert [judged(500, tries=tries).again_at for tries in range(4)] == [after(66), after(660), None, None]


def test_an_example_is_tried_once() -> None:
    """Somebody waits for what comes of it."""
    assert judged(500, only_once=True).again_at is None


def test_gone_is_gone() -> None:
    """410 ends it at once, whatever is left of the schedule."""
    outcome = judged(410)

    assert (outcome.gone, outcome.done, outcome.again_at) == (True, False, None)


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [
        ("0", 66),
        ("30", 66),
        ("90", 90),
        ("86400", 86_400),
        ("86401", 86_400),
        ("9" * 30, 86_400),
        ("Sun, 17 May 2026 12:05:00 GMT", 300),
        ("Sun, 17 May 2020 12:05:00 GMT", 66),
        ("soon", 66),
        ("-5", 66),
        ("²", 66),
        ("Sun, 17 May 99999 12:05:00 GMT", 66),
        ("Sun, 17 May 99999999999 12:05:00 GMT", 66),
        ("Sun, 17 May 2026 12:05:00 +99999999999999", 66),
        ("", 66),
    ],
)
def test_a_wish_for_patience_is_honored_within_bounds(wish: str, seconds: int) -> None:
    """In seconds or as a date; never earlier than the schedule, never later than a day."""
    assert judged(503, retry_after=wish).again_at == after(seconds)


def test_a_redirect_says_what_to_do() -> None:
    """And no answer says why there is none."""
    assert judged(302).problem == "A redirect is not followed: give the address that it leads to."
    assert judged(None).problem == "nobody answered"
    assert judged(500).problem is None


@pytest.mark.parametrize(
    ("answer", "said"), [(b"plain", "plain"), ("für".encode(), "für"), (b"\xff\0", "��"), (b"", ""), (b"\xf0\x9f", "�")]
)
def test_an_answer_is_kept_as_text(answer: bytes, said: str) -> None:
    """What is no UTF-8, and what the database does not take, is marked."""
    assert readable(answer) == said
