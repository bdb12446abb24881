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
    call.audit("bell.rung", "door")
    mark = call.mark

    call.audit("bell.rung", "gate")
    call.emit(Rung())
    call.tags.append("bells")
    call.mail("welcome", "ann@example.com", {})
    call.rewind(mark)

    assert (call.audits, call.events, call.tags, call.jobs) == (["bell.rung", "door", "{}"], [], [], [])


def test_an_inner_call_notes_where_the_outer_one_does() -> None:
    """Until the outer one begins again."""
    call = Harness.policy_call()
    inner = call.inner("another")

    inner.mail("welcome", "ann@example.com", {"name": "Ann"})
    inner.emit(Rung())

    assert call.jobs == [{"mail": Outgoing("welcome", "ann@example.com", {"name": "Ann"})}]
    assert call.events[0] == "bell.rung"
    call.begin_again()
    assert (call.jobs, call.events) == ([], [])


def test_a_mail_must_be_declared() -> None:
    """The message says how."""
    call = Harness.policy_call()
    call.mailable = frozenset({"welcome"})

    with pytest.raises(Misconfigured, match=r"sends the mail 'farewell', which it does not declare; write Mails\("):
        call.mail("farewell", "ann@example.com", {})
