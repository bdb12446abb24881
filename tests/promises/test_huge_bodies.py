"""Bodies far too large, sent to a real server by a real client: the answer arrives, and the server lives on."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from portico.adapters.postgres.servers import Urls
from portico.testing import Harness
from tests.chaos.server import running
from tests.promises.business import Business

pytestmark = pytest.mark.anyio
MIB = 1024 * 1024
JSON = {"content-type": "application/json"}


async def pieces(size: int) -> AsyncIterator[bytes]:
    """A body that does not say how long it is."""
    for _ in range(size // 65_536):
        yield b"x" * 65_536


async def test_whoever_sends_too_much_is_told(
    salon: Harness, salon_urls: Urls, alpha: Business, *, tmp_path: Path
) -> None:
    """Not a broken connection but 413, or 401 to nobody, though the client is still sending; each time of many."""
    member = {"authorization": f"Bearer {salon.token(alpha.owner)}"}
    path, told = "/api/v1/appointments", set[tuple[str, int]]()

    async with running(salon_urls, tmp_path / "log") as server, httpx2.AsyncClient(base_url=server.url) as client:
        for size in (MIB + 1, 2 * MIB, 20 * MIB) * 3:
            for who, headers in (("nobody", JSON), ("a member", JSON | member)):
                whole = await client.post(path, content=b"x" * size, headers=headers)
                chunked = await client.post(path, content=pieces(size + 65_536), headers=headers)
                told |= {(f"{who}, whole", whole.status_code), (f"{who}, chunked", chunked.status_code)}
        after = await client.get("/api/v1/customers", headers=member)

    assert told == {
        ("nobody, whole", 413),
        ("nobody, chunked", 401),
        ("a member, whole", 413),
        ("a member, chunked", 413),
    }
    assert after.status_code == 200
