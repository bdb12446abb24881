"""A server killed in the middle of calls to a bank: each is done once and settled once, nothing is half-written."""

import asyncio
import os
import random
from pathlib import Path

import httpx2
import pytest

from portico.adapters.postgres.servers import Urls
from tests.chaos.server import Server
from tests.integration.outbound.conftest import Desk

pytestmark = pytest.mark.anyio
KILLS = int(os.environ.get("CHAOS_KILLS", "4"))
AT_ONCE = 6
LONGEST = 0.03
"""Seconds for which the server lives at most, once some of a round's calls have reached the bank."""
PATIENCE = 30
LEFT = """
    select (select array_agg(reference order by reference) from payments where state = 'completed') as payments,
           (select count(*) from payments) as rows,
           (select array_agg(data->>'reference' order by data->>'reference') from portico.outbox) as events,
           (select array_agg(target order by target) from portico.audit where outcome = 'done') as audits,
           (select count(*) from portico.idempotency where status = 201 and holder is null) as settled,
           (select count(*) from portico.idempotency) as keys
"""
EXPIRE = "update portico.idempotency set leased_until = clock_timestamp() where holder is not null returning 1"


class TillServer(Server):
    """The till, in a process of its own."""

    target = "tests.integration.outbound.till:app"


async def test_a_crash_at_any_moment_leaves_one_effect_and_one_row(desk: Desk, till_urls: Urls, tmp_path: Path) -> None:
    """The same requests, sent again until they are answered, find what was done and finish it."""
    server = TillServer(till_urls, tmp_path / "server.log", BANK_URL=desk.bank.url)
    names, crashed = [f"r{number:03}" for number in range(KILLS * AT_ONCE)], 0
    await server.start()
    try:
        for round_ in range(KILLS):
            chosen = names[round_ * AT_ONCE : (round_ + 1) * AT_ONCE]
            running = [asyncio.create_task(pay(desk, server, name)) for name in chosen]
            async with asyncio.timeout(PATIENCE):
                await desk.bank.counts(desk.bank.calls.total() + random.randint(1, AT_ONCE))
            await asyncio.wait(running, timeout=random.uniform(0, LONGEST))
            await server.kill()
            await asyncio.gather(*running)
            crashed += len(await desk.portico.rows(EXPIRE))
            await server.start()
            assert [await pay(desk, server, name) for name in chosen] == [201] * AT_ONCE
    finally:
        await server.kill()

    left = dict((await desk.portico.rows(LEFT))[0])
    print(f"{KILLS} kills, {crashed} calls found in the middle, {sum(desk.bank.calls.values())} calls to the bank")
    assert crashed > 0
    assert len(desk.bank.booked) == len(names)
    assert left == {
        "payments": names,
        "rows": len(names),
        "events": names,
        "audits": names,
        "settled": len(names),
        "keys": len(names),
    }


async def pay(desk: Desk, server: Server, name: str, *, path: str = "/api/v1/payments") -> int:
    """Send one payment; 0 where nobody answers."""
    headers = {"idempotency-key": name, "authorization": f"Bearer {desk.portico.token(desk.user)}"}
    headers["x-org-id"] = str(desk.org.id)
    async with httpx2.AsyncClient(base_url=server.url, timeout=20) as client:
        try:
            answer = await client.post(path, json={"reference": name, "amount": 1}, headers=headers)
        except httpx2.TransportError:
            return 0
    return answer.status_code
