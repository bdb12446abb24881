"""What granian gives, read no further than needed."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from portico import TooLarge
from portico.transports.line import Disconnected
from portico.transports.rsgi import UNREADABLE, RsgiWire

pytestmark = pytest.mark.anyio


class Headers:
    """Headers as granian keeps them: those whose value is not ASCII have a name, but no value."""

    def __init__(self, pairs: dict[str, str]) -> None:
        """As they came."""
        self._pairs = pairs

    def keys(self) -> list[str]:
        """All names."""
        return list(self._pairs)

    def __len__(self) -> int:
        """How many names there are."""
        return len(self._pairs)

    def items(self) -> list[tuple[str, str]]:
        """What can be read."""
        return [(name, value) for name, value in self._pairs.items() if value.isascii()]


class Proto:
    """A body in pieces, and how many of them were taken; the last one is empty, two are where it was cut off."""

    def __init__(self, *pieces: bytes) -> None:
        """Nothing is taken yet."""
        self.pieces = pieces
        self.taken = 0

    async def __call__(self) -> bytes:
        """All of it; granian's own error where it was cut off."""
        if self.pieces[-2:] == (b"", b""):
            raise RuntimeError
        self.taken = len(self.pieces)
        return b"".join(self.pieces)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            self.taken += 1
            yield piece


def wire(proto: Proto, client: str = "192.0.2.1:4000", **headers: str) -> RsgiWire:
    """A request; header names with `_` for `-`."""
    scope = SimpleNamespace(method="POST", path="/x", query_string="", client=client)
    scope.headers = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    return RsgiWire(cast("Any", scope), cast("Any", proto))


@pytest.mark.parametrize(
    "length", [{"content_length": "4"}, {}, {"content_length": "1", "transfer_encoding": "chunked"}]
)
async def test_a_body_is_whole_however_it_comes(length: dict[str, str]) -> None:
    """At once where its length is sure, else piece by piece."""
    assert await wire(Proto(b"ab", b"cd", b""), **length).body(4) == b"abcd"


async def test_a_body_past_the_limit_is_read_one_piece_too_far() -> None:
    """Whatever its length header says; the rest can be thrown away later."""
    for length in ({}, {"content_length": "1", "transfer_encoding": "chunked"}, {"content_length": "99"}):
        proto = Proto(*[b"x" * 9] * 11, b"")
        found = wire(proto, **length)

        with pytest.raises(TooLarge):
            await found.body(10)
        taken = proto.taken
        await found.discard()

        assert taken == 2
        assert proto.taken == 12


@pytest.mark.parametrize("length", [{"content_length": "9"}, {}])
async def test_half_a_body_is_none(length: dict[str, str]) -> None:
    """Also where its pieces end as if nothing had happened."""
    with pytest.raises(Disconnected):
        await wire(Proto(b"abc", b"", b""), **length).body(9)


@pytest.mark.parametrize(("client", "peer"), [("192.0.2.1:4000", "192.0.2.1"), ("[2001:db8::1]:4000", "2001:db8::1")])
def test_the_peer_is_an_address_without_its_port(client: str, peer: str) -> None:
    """IPv6 without its brackets."""
    assert wire(Proto(b""), client=client).peer == peer


def test_a_value_that_cannot_be_read_is_there_all_the_same() -> None:
    """Else a junk Authorization header would let a cookie speak, and a junk key would be none."""
    found = wire(Proto(b""), authorization="Bearer \xe4", cookie="__Host-session=t", x_org_id="\xe4")

    assert found.headers == {"authorization": UNREADABLE, "cookie": "__Host-session=t", "x-org-id": UNREADABLE}
    assert found.credential() is not None
    assert not found.by_cookie()
    assert found.org()[1] is not None
