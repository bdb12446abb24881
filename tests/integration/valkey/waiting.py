"""Waiting for what other processes do, with a deadline."""

import asyncio
import socket
from collections.abc import Callable

from tests.integration.cli.programs import eventually as eventually_here


async def eventually(true: Callable[[], object]) -> None:
    """Wait until it is true, while this loop goes on."""
    await asyncio.to_thread(eventually_here, true)


def listens(port: int) -> bool:
    """Whether anybody listens at that port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
