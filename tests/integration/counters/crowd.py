"""Clients that try without a pause, and print when they were let in by the server's clock: run by `test_shared`."""

import asyncio
import sys
from time import monotonic

from portico.adapters.valkey import Script, Valkey
from portico.adapters.valkey.counters import TAKE, hashed

WITH_TIME = Script(
    "local function take()\n"
    + TAKE.source
    + "\nend\nlocal answer, time = take(), redis.call('TIME')\nanswer[2] = time\nreturn answer"
)
"""The very script, and the time in the same step."""
KEY = "everybody"


async def client(valkey: Valkey, limit: int, window: float, *, until: float) -> list[float]:
    """Try until then; returns when it was let in."""
    passed = []
    while monotonic() < until:
        arguments = (limit, round(window * 1_000_000), 1)
        taken, time = await valkey.run(WITH_TIME, [valkey.key("limit", hashed(KEY))], arguments)
        if taken[0] == 1:
            passed.append(int(time[0]) + int(time[1]) / 1_000_000)
    return passed


async def crowd(url: str, clients: int, limit: int, *, window: float, seconds: float) -> None:
    """All of one process, on few connections."""
    valkey = Valkey(url, prefix="crowd", timeout=30, connections=20)
    until = monotonic() + seconds
    found = await asyncio.gather(*(client(valkey, limit, window, until=until) for _ in range(clients)))
    await valkey.close()
    print(*(at for passed in found for at in passed), sep="\n")


if __name__ == "__main__":
    _, url, clients, limit, window, seconds = sys.argv
    asyncio.run(crowd(url, int(clients), int(limit), window=float(window), seconds=float(seconds)))
