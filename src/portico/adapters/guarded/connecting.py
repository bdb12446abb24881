"""Connections to addresses that were judged; names are looked up here and nowhere else."""

from collections.abc import Iterable, Sequence

from httpcore2 import SOCKET_OPTION, AnyIOBackend, AsyncNetworkBackend, AsyncNetworkStream, ConnectError, ConnectTimeout

from portico.adapters.guarded.resolving import Resolve
from portico.core.reach import Reach
from portico.ports.courier import OutOfReach

CONNECT = 10.0
"""Seconds for one address of several."""


class PinnedBackend(AsyncNetworkBackend):
    """Connects to an address, never to a name: between the judgment and the connection nothing is looked up again.

    The certificate is checked against the name, and the Host header has it.
    """

    def __init__(self, reach: Reach, resolve: Resolve) -> None:
        """Judge by `reach` what `resolve` finds."""
        self._reach = reach
        self._resolve = resolve
        self._plain = AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Connect to the first address that answers. Raises OutOfReach where one of them is not public."""
        problem: Exception = ConnectError(f"{host} has no address")
        for address in await self._judged(host, port):
            try:
                return await self._plain.connect_tcp(address, port, CONNECT, local_address, socket_options)
            except (ConnectError, ConnectTimeout) as found:
                problem = found
        raise ConnectError(f"{host} does not take connections") from problem

    async def _judged(self, host: str, port: int) -> Sequence[str]:
        """Every address of the host: all of them are public, or none is used."""
        try:
            addresses = await self._resolve(host, port)
        except OSError as problem:
            raise ConnectError(f"{host} is not known") from problem
        if not all(map(self._reach.admits, addresses)):
            raise OutOfReach(f"{host} leads to an address that is not one of the public internet.")
        return addresses
