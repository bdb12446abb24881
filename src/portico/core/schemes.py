"""How providers sign what they send, and where in it stands what it is."""

import base64
import binascii
import hmac
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal, NamedTuple, TypeAlias
from uuid import uuid4

from portico.errors import (
    Error,
    FieldError,
    ForgedDelivery,
    Invalid,
    InvalidSignature,
    MissingSignature,
    UnsignedDelivery,
)

SchemeName: TypeAlias = Literal["stripe", "standard", "hmac", "supabase"]
Fields: TypeAlias = Mapping[str, object]
Doubt: TypeAlias = Literal["missing", "forged", "stale", "future"]
"""Why a delivery is not believed."""
MARK = "whsec_"
MOST_SIGNATURES = 20
LONGEST_ID = 255
LONGEST_KIND = 200


class Parcel(NamedTuple):
    """What came over the wire; headers by lower-case name."""

    body: bytes
    headers: Mapping[str, str]


class Label(NamedTuple):
    """What a delivery says of its event: the provider's id of it, and of which kind it is."""

    id: str
    kind: str


class Terms(NamedTuple):
    """Under which keys and when a signature counts; times in seconds since 1970."""

    keys: Sequence[bytes]
    now: float
    tolerance: float


@dataclass(frozen=True, eq=False)
class Scheme:
    """One way of signing."""

    headers: tuple[str, ...]
    """Those without which nothing is signed."""
    missing: type[Error]
    forged: type[Error]
    key: Callable[[str], bytes]
    """The key of a secret as it is written; raises ValueError where it is none."""
    doubt: Callable[[Parcel, Terms], Doubt | None]
    sign: Callable[[bytes, bytes, float], dict[str, str]]
    """Headers for a body, under a key, at a time."""
    label: Callable[[Parcel, Fields], tuple[object, object]]
    """The event's id and kind, not yet judged."""
    data: Callable[[Fields], object]
    """What a handler is given of the body."""
    sample: Callable[[str, object], Fields]
    """The body of an event of a kind with that data."""

    def judge(self, parcel: Parcel, terms: Terms) -> Doubt | None:
        """Why it is not believed; None where it is genuine."""
        if not all(parcel.headers.get(name.lower()) for name in self.headers):
            return "missing"
        return self.doubt(parcel, terms)

    def read(self, parcel: Parcel, fields: Fields) -> Label:
        """Which event it is; raises Invalid where it does not say so."""
        id, kind = self.label(parcel, fields)
        wrong = {
            name: [FieldError("VAL_REQUIRED_FIELD" if not value else "VAL_INVALID_FORMAT")]
            for name, value, longest in (("id", id, LONGEST_ID), ("type", kind, LONGEST_KIND))
            if not (isinstance(value, str) and 0 < len(value) <= longest and value.isprintable())
        }
        if wrong:
            raise Invalid(errors=wrong)
        return Label(str(id), str(kind))


def _age(written: str, terms: Terms) -> Doubt | None:
    """What is wrong with when it was signed: a clock that is ahead is refused as much as one that is behind."""
    if not (written.isascii() and written.isdecimal() and len(written) <= 12):
        return "forged"
    age = terms.now - int(written)
    if age > terms.tolerance:
        return "stale"
    return "future" if -age > terms.tolerance else None


def _known(given: Iterable[str], expected: Iterable[str]) -> bool:
    """Whether one of the signatures is one of those expected; how long that takes tells nothing of them."""
    wanted = [text.encode() for text in expected]
    matches = [hmac.compare_digest(text.encode(), right) for text in list(given)[:MOST_SIGNATURES] for right in wanted]
    return any(matches)


def _hex(key: bytes, message: bytes) -> str:
    return hmac.digest(key, message, sha256).hex()


def _digest(parcel: Parcel) -> str:
    """What stands for an id where the provider gives none: the same body is the same event."""
    return f"sha256:{sha256(parcel.body).hexdigest()}"


def _moment() -> str:
    return datetime.now(UTC).isoformat()


# -- Stripe: t=…,v1=… over `t.body` -----------------------------------------------------------------------------------
def _stripe_doubt(parcel: Parcel, terms: Terms) -> Doubt | None:
    pairs = [part.strip().partition("=") for part in parcel.headers["stripe-signature"].split(",")]
    stamps = [value for name, _, value in pairs if name == "t"]
    if len(stamps) != 1:
        return "forged"
    signed = f"{stamps[0]}.".encode() + parcel.body
    given = [value for name, _, value in pairs if name == "v1"]
    if not _known(given, [_hex(key, signed) for key in terms.keys]):
        return "forged"
    return _age(stamps[0], terms)


def _stripe_sign(body: bytes, key: bytes, now: float) -> dict[str, str]:
    stamp = str(int(now))
    return {"stripe-signature": f"t={stamp},v1={_hex(key, stamp.encode() + b'.' + body)}"}


def _stripe_data(fields: Fields) -> object:
    data = fields.get("data")
    return data.get("object") if isinstance(data, dict) else None


def _stripe_sample(kind: str, data: object) -> Fields:
    about = {"id": f"evt_{uuid4().hex}", "object": "event", "created": int(time.time()), "livemode": False}
    return {**about, "type": kind, "data": {"object": data}}


# -- Standard Webhooks: v1,… over `id.timestamp.body` ------------------------------------------------------------------
def _standard_key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(MARK), validate=True)
    except binascii.Error:
        raise ValueError("it is no Base64; write whsec_ and 24 to 64 bytes in Base64") from None
    if not 24 <= len(key) <= 64:
        raise ValueError(f"it has {len(key)} bytes; write whsec_ and 24 to 64 bytes in Base64")
    return key


def _standard_signed(parcel: Parcel) -> bytes:
    return f"{parcel.headers['webhook-id']}.{parcel.headers['webhook-timestamp']}.".encode() + parcel.body


def _base64(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.digest(key, message, sha256)).decode()


def _standard_doubt(parcel: Parcel, terms: Terms) -> Doubt | None:
    signed = _standard_signed(parcel)
    given = [part.removeprefix("v1,") for part in parcel.headers["webhook-signature"].split() if part[:3] == "v1,"]
    if not _known(given, [_base64(key, signed) for key in terms.keys]):
        return "forged"
    return _age(parcel.headers["webhook-timestamp"], terms)


def _standard_sign(body: bytes, key: bytes, now: float) -> dict[str, str]:
    headers = {"webhook-id": f"msg_{uuid4().hex}", "webhook-timestamp": str(int(now))}
    return {**headers, "webhook-signature": f"v1,{_base64(key, _standard_signed(Parcel(body, headers)))}"}


def _kind_of(fields: Fields) -> object:
    return fields.get("type") or fields.get("event")


def _data_of(fields: Fields) -> object:
    data = fields.get("data")
    return data if isinstance(data, dict) else fields


# -- A bare HMAC of the body, in hexadecimal ---------------------------------------------------------------------------
def _bare_doubt(header: str) -> Callable[[Parcel, Terms], Doubt | None]:
    def doubt(parcel: Parcel, terms: Terms) -> Doubt | None:
        given = parcel.headers[header].strip().removeprefix("sha256=").lower()
        return None if _known([given], [_hex(key, parcel.body) for key in terms.keys]) else "forged"

    return doubt


def _bare_sign(header: str) -> Callable[[bytes, bytes, float], dict[str, str]]:
    return lambda body, key, _now: {header: _hex(key, body)}


def _own_id(parcel: Parcel, fields: Fields) -> object:
    """The body's own id, which is signed as a header would not be."""
    id = fields.get("id")
    return _digest(parcel) if id is None else id if isinstance(id, str) else str(id)


# -- Supabase: a change of a row ---------------------------------------------------------------------------------------
def _row_kind(fields: Fields) -> object:
    change, schema, table = fields.get("type"), fields.get("schema"), fields.get("table")
    if not (isinstance(change, str) and isinstance(table, str) and isinstance(schema, str | None)):
        return None
    return f"{change}:{table}" if schema in {None, "public"} else f"{change}:{schema}.{table}"


def _row(fields: Fields) -> object:
    """The row as it is now; one that is gone, as it was."""
    record = fields.get("record")
    return fields.get("old_record") if record is None else record


def _row_sample(kind: str, data: object) -> Fields:
    change, _, table = kind.partition(":")
    schema, _, name = table.rpartition(".")
    gone = change == "DELETE"
    rows = {"record": None if gone else data, "old_record": data if gone else None}
    return {"type": change, "table": name, "schema": schema or "public", **rows}


SCHEMES: Mapping[SchemeName, Scheme] = {
    "stripe": Scheme(
        ("Stripe-Signature",),
        MissingSignature,
        InvalidSignature,
        key=str.encode,
        doubt=_stripe_doubt,
        sign=_stripe_sign,
        label=lambda _parcel, fields: (fields.get("id"), fields.get("type")),
        data=_stripe_data,
        sample=_stripe_sample,
    ),
    "standard": Scheme(
        ("Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"),
        UnsignedDelivery,
        ForgedDelivery,
        key=_standard_key,
        doubt=_standard_doubt,
        sign=_standard_sign,
        label=lambda parcel, fields: (parcel.headers["webhook-id"], _kind_of(fields)),
        data=_data_of,
        sample=lambda kind, data: {"type": kind, "timestamp": _moment(), "data": data},
    ),
    "hmac": Scheme(
        ("X-Webhook-Signature",),
        UnsignedDelivery,
        ForgedDelivery,
        key=str.encode,
        doubt=_bare_doubt("x-webhook-signature"),
        sign=_bare_sign("x-webhook-signature"),
        label=lambda parcel, fields: (_own_id(parcel, fields), _kind_of(fields)),
        data=_data_of,
        sample=lambda kind, data: {"id": uuid4().hex, "event": kind, "timestamp": _moment(), "data": data},
    ),
    "supabase": Scheme(
        ("X-Supabase-Signature",),
        MissingSignature,
        ForgedDelivery,
        key=str.encode,
        doubt=_bare_doubt("x-supabase-signature"),
        sign=_bare_sign("x-supabase-signature"),
        label=lambda parcel, fields: (_own_id(parcel, fields), _row_kind(fields)),
        data=_row,
        sample=_row_sample,
    ),
}
