"""What a call leaves behind."""

import pytest

from portico import Event, Misconfigured
from portico.ports.mailer import Outgoing
from portico.testing import Harness


class Rung(Event, name="bell.rung"):
    """Somebody rang."""


def test_what_a_savepoint_undoes_is_forgotten() -> None:
    """Audit rows, events, tags and jobs, mails among them; what was noted before stays."""
    call = Harness.policy_call()
    call.notes.audit("bell.rung", "door")
    mark = call.notes.mark

    call.notes.audit("bell.rung", "gate")
    call.notes.emit(Rung())
    call.notes.tags.append("bells")
    call.mail("welcome", "ann@example.com", {})
    call.notes.rewind(mark)

    assert (call.notes.audits, call.notes.events, call.notes.tags, call.notes.jobs) == (
        ["bell.rung", "door", "{}"],
        [],
        [],
        [],
    )


def test_an_inner_call_notes_where_the_outer_one_does() -> None:
    """Until the outer one begins again."""
    call = Harness.policy_call()
    inner = call.inner("another")

    inner.mail("welcome", "ann@example.com", {"name": "Ann"})
    inner.notes.emit(Rung())

    assert call.notes.jobs == [{"mail": Outgoing("welcome", "ann@example.com", {"name": "Ann"})}]
    assert call.notes.events[0] == "bell.rung"
    call.begin_again()
    assert (call.notes.jobs, call.notes.events) == ([], [])


def test_a_mail_must_be_declared() -> None:
    """The message says how."""
    call = Harness.policy_call()
    call.mailable = frozenset({"welcome"})

    with pytest.raises(Misconfigured, match=r"sends the mail 'farewell', which it does not declare; write Mails\("):
        call.mail("farewell", "ann@example.com", {})
