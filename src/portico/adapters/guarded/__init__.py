"""A courier by httpcore2 that looks a name up once, judges every address, and connects to one that it has judged."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from portico.adapters.guarded.resolving import Resolve, system_resolver
from portico.core.reach import Destination, Reach
from portico.ports.courier import MOST, OutOfReach, Parcel, Reply, Unreachable

if TYPE_CHECKING:
    import httpcore2

    from portico.adapters.guarded.keeping import Connections, Place

DRAINED = 64 * 1024
"""Bytes of an answer that are read so that its connection can be used again; a longer one is cut off."""
IDLE = 4.0
"""Seconds for which a connection is kept that nobody uses: less than servers keep theirs, which is 5 s with many."""


class GuardedCourier:
    """Posts over connections that are kept; httpcore2 is loaded at the first one."""

    def __init__(self, reach: Reach, *, resolve: Resolve | None = None, ca_file: str | None = None) -> None:
        """`ca_file` stands in for the authorities that this machine trusts."""
        self._reach = reach
        self._resolve = resolve
        self._ca_file = ca_file
        self._connections: Connections | None = None

    async def post(self, parcel: Parcel, *, within: float) -> Reply:
        """Post it."""
        try:
            to = self._reach.read(parcel.url)
        except ValueError as problem:
            raise OutOfReach(str(problem)) from None
        connections = self._connections = self._connections or self._opened()
        try:
            async with asyncio.timeout(within):
                return await _exchange(connections, to, parcel)
        except TimeoutError:
            raise Unreachable(f"There was no answer within {within:g} s.") from None

    async def close(self) -> None:
        """Close what is kept."""
        if self._connections is not None:
            await self._connections.close()

    def _opened(self) -> "Connections":
        """No bound of its own: how much goes on at a time is for whoever posts to say."""
        import ssl

        from httpcore2 import AsyncHTTPConnection, Origin

        from portico.adapters.guarded.connecting import PinnedBackend
        from portico.adapters.guarded.keeping import Connections

        backend = PinnedBackend(self._reach, self._resolve or system_resolver())
        trusted = ssl.create_default_context(cafile=self._ca_file)

        def make(place: "Place") -> AsyncHTTPConnection:
            scheme, host, port = place
            origin = Origin(scheme.encode(), host.encode(), port)
            return AsyncHTTPConnection(origin, trusted, keepalive_expiry=IDLE, network_backend=backend)

        return Connections(make, idle=IDLE)


async def _exchange(connections: "Connections", to: Destination, parcel: Parcel) -> Reply:
    import httpcore2

    url = httpcore2.URL(scheme=to.scheme, host=to.host, port=to.port, target=to.target)
    framing = [("Accept-Encoding", "identity"), ("Content-Length", str(len(parcel.body)))]
    headers = [*parcel.headers.items(), *framing]
    try:
        async with (
            connections.lent((to.scheme, to.host, to.port)) as connection,
            connection.stream("POST", url, headers=headers, content=parcel.body) as response,
        ):
            answer = await _beginning(response)
    except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException, OSError) as problem:
        raise Unreachable(_said(problem)) from problem
    return Reply(response.status, answer, _header(response, b"retry-after"))


async def _beginning(response: "httpcore2.Response") -> bytes:
    """The first bytes of the answer. One that does not end soon is not waited for."""
    kept, seen = b"", 0
    async for chunk in response.aiter_stream():
        kept += chunk[: MOST - len(kept)]
        seen += len(chunk)
        if seen > DRAINED:
            break
    return kept


def _header(response: "httpcore2.Response", name: bytes) -> str:
    found: Mapping[bytes, bytes] = {key.lower(): value for key, value in response.headers}
    return found.get(name, b"").decode("latin-1")


def _said(problem: BaseException) -> str:
    """What went wrong, in a few words, for whoever gave the address."""
    return f"{type(problem).__name__}: {problem}"[:200]
