"""Looking up names, on threads of its own: one that takes for ever holds up nothing else of the process."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeAlias

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host; raises OSError where it has none."""
THREADS = 32


def system_resolver() -> Resolve:
    """As this machine resolves names."""
    threads = ThreadPoolExecutor(THREADS, thread_name_prefix="resolver")

    async def resolve(host: str, port: int) -> Sequence[str]:
        look = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(threads, look)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    return resolve
