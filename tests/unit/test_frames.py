"""How streams are written: server-sent events, and messages."""

from pydantic_core import from_json

from portico import Event
from portico.transports.frames import EventStream, Messages
from portico.transports.telling import Writer

SSE, MESSAGES = EventStream(), Messages()


class Rang(Event, name="bell.rang"):
    """A bell rang."""

    text: str


def test_an_event_is_a_block_of_lines() -> None:
    """Its name, its id, its data, a blank line: without that last one a browser drops it."""
    assert SSE.value("bell.rang", "abc", b'{"text":"x"}') == b'event: bell.rang\nid: abc\ndata: {"text":"x"}\n\n'
    assert SSE.value("", "", b"1") == b"data: 1\n\n"


def test_the_stream_tells_of_itself() -> None:
    """When to come back, whether something was missed, why it ends."""
    assert SSE.ready("abc", resumed=True) == b'retry: 3000\nevent: ready\nid: abc\ndata: {"resumed":true}\n\n'
    assert SSE.resync("abc") == b"event: resync\nid: abc\ndata: {}\n\n"
    assert SSE.problem(b'{"status":429}', 2.5) == b'retry: 2500\nevent: problem\ndata: {"status":429}\n\n'
    assert SSE.end() == b"event: end\ndata: {}\n\n"


def test_a_silent_stream_moves_the_id_on_without_an_event() -> None:
    """A comment, and an id without data, of which a browser tells nobody."""
    assert SSE.alive("abc") == b": alive\nid: abc\n\n"
    assert SSE.alive("") == b": alive\n\n"


def test_messages_say_the_same_as_json() -> None:
    """One object each, whose type says what it is."""
    assert from_json(MESSAGES.ready("abc", resumed=False)) == {"type": "ready", "id": "abc", "resumed": False}
    assert from_json(MESSAGES.value("bell.rang", "abc", b'{"text":"x"}')) == {
        "type": "event",
        "id": "abc",
        "event": "bell.rang",
        "data": {"text": "x"},
    }
    assert from_json(MESSAGES.value("", "abc", b"1")) == {"type": "event", "id": "abc", "event": None, "data": 1}
    assert from_json(MESSAGES.alive("abc")) == {"type": "ping", "id": "abc"}
    assert from_json(MESSAGES.resync("abc")) == {"type": "resync", "id": "abc"}
    assert from_json(MESSAGES.problem(b'{"status":429}', 2)) == {
        "type": "problem",
        "retry": 2000,
        "problem": {"status": 429},
    }
    assert from_json(MESSAGES.end()) == {"type": "end"}


def test_a_value_that_goes_to_many_is_written_once() -> None:
    """The same bytes, as long as value and id are the same."""
    writer, value = Writer(Rang, SSE), Rang(text="two\nlines")

    first, again, other = writer.frame(value, "a"), writer.frame(value, "a"), writer.frame(value, "b")

    assert first is again
    assert first == b'event: bell.rang\nid: a\ndata: {"text":"two\\nlines"}\n\n'
    assert other.replace(b"id: b", b"id: a") == first
