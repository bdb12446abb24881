"""Signing in is slow on purpose, and slow for nobody else."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from time import perf_counter

import httpx2
import pytest
from argon2 import PasswordHasher

from portico.adapters.postgres.servers import Urls
from portico.testing import Harness
from tests.chaos.server import running

pytestmark = pytest.mark.anyio
SIGN_INS = 50
WINDOW = 100
"""Requests of which one 99th percentile is taken."""
IDLE = 6
PAUSE = 0.002
"""Seconds between two requests: a bystander, not a load of its own."""
MOST, TRIES = 3, 3
PATIENT = {"PORTICO_CALL_TIMEOUT": "240"}
"""On a slow machine, fifty sign-ins take longer than a call otherwise may."""
CREDENTIALS = {"email": "ada@example.com", "password": "Correct-horse-7"}


async def windows(client: httpx2.AsyncClient, over: Callable[[int], bool]) -> list[float]:
    """The 99th percentile of each window of requests, one after another, in ms, until it is `over` after so many."""
    found: list[float] = []
    while not over(len(found)):
        taken = []
        for _ in range(WINDOW):
            began = perf_counter()
            (await client.get("/api/auth/me")).raise_for_status()
            taken.append((perf_counter() - began) * 1000)
            await asyncio.sleep(PAUSE)
        found.append(quantiles(taken, n=100)[-1])
    return found


def quiet(percentiles: list[float]) -> float:
    """The lower quartile: what else a machine does, such as other tests, bends the other windows upwards."""
    return quantiles(percentiles, n=4)[0]


async def test_fifty_sign_ins_slow_nobody_down(salon: Harness, salon_urls: Urls, tmp_path: Path) -> None:
    """While they are hashed at full cost, the 99th percentile of an unrelated query stays within 3 times of idle."""
    ada = await salon.member(CREDENTIALS["email"])
    hashed = PasswordHasher().hash(CREDENTIALS["password"])
    await salon.rows("update portico.users set password_hash = $1 where id = $2", hashed, ada.id)
    headers = {"authorization": f"Bearer {salon.token(ada)}"}

    async with (
        running(salon_urls, tmp_path / "server.log", PORTICO_PASSWORD_HASHING="standard", **PATIENT) as server,
        httpx2.AsyncClient(base_url=server.url, headers=headers, timeout=60) as bystander,
        httpx2.AsyncClient(base_url=server.url, timeout=60) as crowd,
    ):
        await windows(bystander, lambda done: done == 1)  # connections open, statements are prepared
        slower = await times_slower(bystander, crowd)
        for _ in range(TRIES - 1):  # another program that comes in the way makes it more, and none makes it less
            if slower > MOST:
                slower = min(slower, await times_slower(bystander, crowd))

    assert slower <= MOST


async def times_slower(bystander: httpx2.AsyncClient, crowd: httpx2.AsyncClient) -> float:
    """How many times the 99th percentile of idle it is while all of them sign in."""
    idle = await windows(bystander, lambda done: done == IDLE)
    signing_in = asyncio.gather(*(crowd.post("/api/auth/sign-in", json=CREDENTIALS) for _ in range(SIGN_INS)))
    busy = await windows(bystander, lambda _: signing_in.done())
    replies = await signing_in
    idle += await windows(bystander, lambda done: done == IDLE)
    print(f"p99 {quiet(idle):.1f} ms idle, {quiet(busy):.1f} ms in {len(busy)} windows of {SIGN_INS} sign-ins")
    assert {reply.status_code for reply in replies} == {200}
    return quiet(busy) / quiet(idle)
