"""What is known of an organization's usage in one transaction, and what its calls take."""

import pytest
from pydantic_core import to_json

from portico import Allowance, Call, Misconfigured, Quota, Quotas, Releases
from portico.core.journal import journal_of, part_of_journal
from portico.core.quotas import Ledger
from portico.core.result import Ok
from portico.core.taking import ledger, usage_of
from portico.ports.database import Counted, Facts
from portico.testing import Harness

QUOTAS = Quotas({"free": Allowance({"desks": 3, "chairs": -1})}, counted={"desks": "select 1", "chairs": "select 1"})


def counted(**used: int | None) -> Counted:
    """What the gate says."""
    return Counted("812", used)


def call_with(**used: int | None) -> Call:
    """A call whose gate was asked."""
    call = Harness.policy_call(facts=Facts(quota=counted(**used), org_plan="free"))
    object.__setattr__(call.services, "quotas", QUOTAS)
    return call


def test_what_was_never_counted_is_not_known() -> None:
    """Until somebody counts; what the transaction has taken is added."""
    book = Ledger(counted(desks=None, chairs=4), {"desks": 3})
    before = dict(book.used)
    book.open("desks", 2)
    book.take("desks", 1)

    assert before == {"desks": None, "chairs": 4}
    assert book.used == {"desks": 3, "chairs": 4}
    assert book.changes == [("desks", 1, 3, 2)]


def test_what_was_not_asked_can_be_learned() -> None:
    """In the same transaction."""
    book = Ledger(None, {})
    book.learn(to_json({"transaction": "812", "used": {"desks": 1}}).decode())

    assert (book.transaction, book.used) == ("812", {"desks": 1})


def test_calls_of_one_transaction_share_a_ledger() -> None:
    """An inner call sees what the outer one has taken."""
    outer = call_with(desks=2)
    inner = outer.inner("desks.add")
    Quota("desks").record(outer, Ok(None))

    refusal = Quota("desks").decide(inner)

    assert refusal is not None
    assert (ledger(inner) is ledger(outer), refusal.data()["used"]) == (True, 3)


def test_changes_are_sent_as_one_for_each_resource() -> None:
    """In the order of resources, with what proves them."""
    call = call_with(desks=1, chairs=1)
    for policy in (Quota("desks"), Quota("chairs", 4), Releases("desks"), Quota("desks")):
        policy.record(call, Ok(None))

    usage = usage_of(call)

    assert [(change, proof[::-1].decode()) for change, proof in usage] == [
        (("chairs", 4, -1, -1), "take-usage/None/812/chairs/4/-1/-1"),
        (("desks", 1, 3, -1), "take-usage/None/812/desks/1/3/-1"),
    ]


def test_a_call_that_takes_nothing_sends_nothing() -> None:
    """The ledger alone is no change."""
    call = call_with(desks=1)
    Quota("desks").decide(call)

    assert not usage_of(call)


def test_what_a_savepoint_undoes_is_not_taken() -> None:
    """What was taken before it is."""
    call = call_with(desks=0)
    Quota("desks").record(call, Ok(None))
    mark = call.notes.mark
    Quota("desks", 2).record(call, Ok(None))
    call.notes.rewind(mark)

    assert ledger(call).used == {"desks": 1}
    assert [change.amount for change, _ in usage_of(call)] == [1]


def test_room_is_made_whatever_is_left() -> None:
    """Giving back is never refused."""
    call = call_with(desks=9)

    assert Releases("desks").decide(call) is None
    assert Quota("desks").decide(call) is not None


def test_what_is_taken_is_part_of_the_journal() -> None:
    """Whatever else there is, or is not."""
    call = call_with(desks=1)
    before = journal_of(call)
    Quota("desks").record(call, Ok(None))

    journal = journal_of(call)

    assert before is None
    assert journal is not None
    assert journal.usage == usage_of(call)


def test_a_part_of_a_call_takes_nothing() -> None:
    """Its transaction is not the one that the gate has spoken of; the message says what to do."""
    call = call_with(desks=1)
    mark = call.notes.mark
    Quota("desks").record(call, Ok(None))

    with pytest.raises(Misconfigured, match="counts a quota and works outside of its transaction"):
        part_of_journal(call, mark)
