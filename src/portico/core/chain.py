"""The audit's chain: what was written, under a key that the database does not know, each seal upon the one before."""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal, NamedTuple
from uuid import UUID

from pydantic_core import to_json

NOBODY = UUID(int=0)
"""Whose chain the records are in that belong to no organization."""
BEGINNING = bytes(32)
"""What stands before the first seal of a chain."""
SIZE = 32


class Record(NamedTuple):
    """A record of the audit, every word of it; `metadata` is JSON as the database writes it."""

    id: int
    xid: int
    """The transaction that wrote it."""
    at: datetime
    org: UUID | None
    user: UUID | None
    action: str
    target: str | None
    outcome: str
    metadata: str
    ip: str | None
    user_agent: str | None
    request_id: str


class Link(NamedTuple):
    """What a seal stands on: its place in the chain, and the hash of the one before."""

    chain: UUID
    number: int
    previous: bytes


class Seal(NamedTuple):
    """A seal over some records, or over their end."""

    chain: UUID
    number: int
    previous: bytes
    kind: Literal["rows", "checkpoint"]
    ids: Sequence[int]
    """Of the records; none of a checkpoint."""
    macs: bytes
    """Of each record 32 bytes; of a checkpoint the hash of the last seal that it lets go."""
    upto_xid: int
    """How far sealing has come with it: whatever was written up to there is under a seal."""
    upto_id: int
    through: int
    """Of a checkpoint: the number of the last seal whose records retention has removed."""
    key_id: str
    sealed_at: datetime
    hash: bytes = b""


@dataclass(frozen=True)
class Ring:
    """The keys that seals are made and checked with, by their ids; the first one makes them."""

    keys: Mapping[str, bytes]

    @classmethod
    def of(cls, keys: Sequence[bytes]) -> "Ring":
        """Of the key in use, and of those before it."""
        return cls({sha256(b"id" + key).hexdigest()[:16]: key for key in keys})

    @property
    def current(self) -> str:
        """The id of the key in use."""
        return next(iter(self.keys))

    def seal(self, records: Sequence[Record], link: Link, *, upto: tuple[int, int], at: datetime) -> Seal:
        """Seal records of one chain."""
        key = self.keys[self.current]
        macs = b"".join(mac_of(record, key) for record in records)
        return self._closed(Seal(*link, "rows", [r.id for r in records], macs, *upto, 0, self.current, at))

    def checkpoint(self, link: Link, gone: Seal, *, upto: tuple[int, int], at: datetime) -> Seal:
        """Say that retention removes the records of all seals up to one."""
        return self._closed(Seal(*link, "checkpoint", [], gone.hash, *upto, gone.number, self.current, at))

    def _closed(self, seal: Seal) -> Seal:
        return seal._replace(hash=hash_of(seal, self.keys[self.current]))


class Fault(NamedTuple):
    """What is wrong with a chain; `record` is the id of the record in question, where it is about one."""

    record: int | None
    said: str


def mac_of(record: Record, key: bytes) -> bytes:
    """The code of one record: HMAC-SHA256 over all of it."""
    return hmac.digest(key, b"record" + to_json(record), sha256)


def hash_of(seal: Seal, key: bytes) -> bytes:
    """The code of a seal: over its place, what it covers, and the one before."""
    said = seal._replace(hash=b"", macs=b"", previous=b"")
    written = to_json([*said[:2], *said[3:5], *said[6:11]])
    return hmac.digest(key, b"seal" + seal.previous + sha256(seal.macs).digest() + written, sha256)


def check_links(seals: Sequence[Seal], after: Link, ring: Ring) -> Fault | None:
    """What is wrong with seals that must follow a link, one upon the other."""
    previous = after
    for seal in seals:
        if seal.number != previous.number + 1:
            return Fault(None, f"seal {previous.number + 1} is missing: what it covered cannot be told any more")
        key = ring.keys.get(seal.key_id)
        if key is None:
            return Fault(None, f"seal {seal.number} was made with a key that is not known: give it as a former one")
        if not (hmac.compare_digest(hash_of(seal, key), seal.hash) and seal.previous == previous.previous):
            return Fault(seal.ids[0] if seal.ids else None, f"seal {seal.number} was rewritten without the key")
        previous = Link(seal.chain, seal.number, seal.hash)
    return None


def check_records(seal: Seal, records: Mapping[int, Record], ring: Ring) -> Iterator[Fault]:
    """What is wrong with the records of a seal that is right itself: each that was changed or removed."""
    key = ring.keys[seal.key_id]
    for place, id in enumerate(seal.ids):
        record = records.get(id)
        if record is None:
            yield Fault(id, f"record {id} was removed")
        elif not hmac.compare_digest(mac_of(record, key), seal.macs[place * SIZE : (place + 1) * SIZE]):
            yield Fault(id, f"record {id} ({record.action}) was changed")


def start_of(seals: Sequence[Seal]) -> tuple[Link, int]:
    """What the first seal that is left must stand on, and up to which number records may be gone."""
    last = next((seal for seal in reversed(seals) if seal.kind == "checkpoint"), None)
    if last is None:
        return Link(NOBODY, 0, BEGINNING), 0
    return Link(NOBODY, last.through, last.macs), last.through
