"""The audit's chain without a database: every word is under the key, and every seal upon the one before."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from portico.core.chain import (
    BEGINNING,
    NOBODY,
    Link,
    Record,
    Ring,
    Seal,
    check_links,
    check_records,
    hash_of,
    mac_of,
    start_of,
)

AT = datetime(2030, 5, 17, 12, tzinfo=UTC)
KEY, OTHER = b"k" * 32, b"o" * 32
RING = Ring.of([KEY])
RECORD = Record(7, 70, AT, NOBODY, None, "door.opened", "front", "done", "{}", "203.0.113.7", "curl", "req-1")
CHANGES: list[dict[str, Any]] = [
    {"id": 8},
    {"xid": 71},
    {"at": AT + timedelta(microseconds=1)},
    {"org": None},
    {"user": UUID(int=1)},
    {"action": "door.closed"},
    {"target": None},
    {"outcome": "denied"},
    {"metadata": '{"a": 1}'},
    {"ip": None},
    {"user_agent": ""},
    {"request_id": "req-2"},
    {"action": "door.openedfront", "target": ""},
]
SEALS: list[dict[str, Any]] = [
    {"chain": UUID(int=1)},
    {"number": 2},
    {"previous": bytes(31) + b"x"},
    {"kind": "checkpoint"},
    {"ids": [8]},
    {"macs": bytes(32)},
    {"upto_xid": 72},
    {"upto_id": 1},
    {"through": 1},
    {"key_id": "other"},
    {"sealed_at": AT + timedelta(seconds=1)},
]


def chain_of(length: int) -> list[Seal]:
    """A chain of seals, each over one record."""
    seals: list[Seal] = []
    link = Link(NOBODY, 1, BEGINNING)
    for number in range(1, length + 1):
        seals.append(RING.seal([RECORD._replace(id=number)], link, upto=(70 + number, 0), at=AT))
        link = Link(NOBODY, number + 1, seals[-1].hash)
    return seals


START = Link(NOBODY, 0, BEGINNING)


@pytest.mark.parametrize("change", CHANGES)
def test_every_word_of_a_record_counts(change: dict[str, Any]) -> None:
    """And where one ends and the next begins."""
    assert mac_of(RECORD._replace(**change), KEY) != mac_of(RECORD, KEY)
    assert mac_of(RECORD, OTHER) != mac_of(RECORD, KEY)


@pytest.mark.parametrize("change", SEALS)
def test_every_word_of_a_seal_counts(change: dict[str, Any]) -> None:
    """Its place, what it covers, and what it stands on."""
    (seal,) = chain_of(1)

    assert hash_of(seal._replace(**change), KEY) != seal.hash == hash_of(seal, KEY)


def test_a_chain_that_is_whole_is_right() -> None:
    """From its beginning, or from a link within."""
    seals = chain_of(4)

    assert check_links(seals, START, RING) is None
    assert check_links(seals[2:], Link(NOBODY, 2, seals[1].hash), RING) is None
    assert [list(check_records(s, {s.ids[0]: RECORD._replace(id=s.ids[0])}, RING)) for s in seals] == [[], [], [], []]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ([0, 2, 3], "seal 2 is missing"),
        ([1, 2], "seal 1 is missing"),
        ([0, 2, 1], "seal 2 is missing"),
        ([0, 0], "seal 2 is missing"),
    ],
)
def test_a_chain_with_a_gap_is_not(order: list[int], said: str) -> None:
    """Nor one whose seals changed places, or stand there twice."""
    seals = chain_of(4)

    fault = check_links([seals[n] for n in order], START, RING)

    assert fault is not None
    assert fault.said.startswith(said)


def test_a_seal_of_another_chain_does_not_fit() -> None:
    """It was made well, but stands on another one."""
    seals = chain_of(2)
    other = RING.seal([RECORD], Link(NOBODY, 2, BEGINNING), upto=(71, 0), at=AT)

    fault = check_links([seals[0], other], START, RING)

    assert fault is not None
    assert fault.said == "seal 2 was rewritten without the key"


def test_former_keys_check_and_the_present_one_seals() -> None:
    """In the order in which they are given."""
    both, (old,) = Ring.of([OTHER, KEY]), chain_of(1)
    new = both.seal([RECORD], Link(NOBODY, 2, old.hash), upto=(72, 0), at=AT)

    assert new.key_id == both.current != old.key_id
    assert check_links([old, new], START, both) is None
    fault = check_links([old, new], START, RING)
    assert fault is not None
    assert "seal 2 was made with a key that is not known" in fault.said


def test_a_check_begins_behind_the_last_checkpoint() -> None:
    """The first seal that is left stands on what the checkpoint says of the last one that is gone."""
    seals = chain_of(4)
    checkpoint = RING.checkpoint(Link(NOBODY, 5, seals[-1].hash), seals[1], upto=(74, 0), at=AT)
    left = [*seals[2:], checkpoint]

    link, through = start_of(left)

    assert (link, through) == (Link(NOBODY, 2, seals[1].hash), 2)
    assert check_links(left, link, RING) is None
    assert start_of(seals) == (START, 0)


def test_a_record_that_is_gone_or_changed_is_named() -> None:
    """By its id and what it was about; the others under the same seal are right."""
    records = [RECORD._replace(id=id) for id in (1, 2, 3)]
    seal = RING.seal(records, Link(NOBODY, 1, BEGINNING), upto=(71, 0), at=AT)
    left = {1: records[0], 3: records[2]._replace(outcome="denied")}

    assert [fault.said for fault in check_records(seal, left, RING)] == [
        "record 2 was removed",
        "record 3 (door.opened) was changed",
    ]
