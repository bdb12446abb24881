"""`portico serve` serves in production: only what is migrated, and no request is lost when it stops."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from tests.integration.cli.programs import Portico, Program, eventually

FIRST_ANSWER = 2.5
"""Time from the start of the program to its first answer, in that which an interpreter takes to load what it stands on:
1 s on a machine where that takes 0.4 s."""
FOUNDATION = "import asyncpg, granian.server.embed, pydantic, sqlalchemy.orm, starlette.applications, uvloop"
TRIES = 8
REVISION = '''"""Later."""

revision = "0002_later"
down_revision = "0001_orders"


def upgrade() -> None:
    """Nothing."""
'''
SLOW = """
import os, time
from pathlib import Path
from shop import app as ready

main, starting = os.getpid(), Path(os.environ["STARTING"])

def __getattr__(name):
    if name != "app":
        raise AttributeError(name)
    if os.getpid() != main:
        try:
            (starting / "first").touch(exist_ok=False)
        except FileExistsError:
            (starting / "second").touch()
            for _ in range(2000):
                if (starting / "go").exists():
                    break
                time.sleep(0.01)
    return ready
"""
"""The second process loads it for as long as there is no file `go`."""
UVICORN, TWO = ("--server", "uvicorn"), ("--processes", "2")
WAYS = {"granian": (), "uvicorn": UVICORN, "processes": TWO, "uvicorn-processes": (*UVICORN, *TWO)}


@pytest.mark.parametrize("way", WAYS)
def test_a_request_in_flight_is_answered_before_the_server_ends(
    portico_program: Portico, tmp_path: Path, way: str
) -> None:
    """SIGTERM closes the door; who is inside is served, and the program ends with 0."""
    with portico_program.serving("serve", "shop:app", *WAYS[way]) as program:
        eventually(lambda: len(processes(program)) >= (2 if way == "processes" else 1))
        answer = stopped_around_a_request(program, tmp_path)
        code = program.end()

    assert answer == (200, '{"data":"done"}')
    assert code == 0


def test_a_process_that_still_starts_ends_with_the_others(portico_program: Portico, tmp_path: Path) -> None:
    """SIGTERM finds it before it heeds signals itself: it never opens its door, and nobody waits for it."""
    (portico_program.folder / "slow.py").write_text(SLOW)
    with portico_program.serving("serve", "slow:app", "--processes", "2", STARTING=str(tmp_path)) as program:
        eventually((tmp_path / "second").exists)
        answer = stopped_around_a_request(program, tmp_path, then=(tmp_path / "go").touch)
        code = program.end()

    assert answer == (200, '{"data":"done"}')
    assert code == 0
    assert "Killing" not in program.said


@pytest.mark.parametrize("server", ["granian", "uvicorn"])
def test_a_request_that_takes_too_long_is_cut_off(portico_program: Portico, tmp_path: Path, server: str) -> None:
    """The grace is a setting; after it the server ends, still with 0."""
    begun, serve = tmp_path / "begun", ("serve", "shop:app", "--server", server)
    with portico_program.serving(*serve, PORTICO_GRACE="0.5") as program, ThreadPoolExecutor() as pool:
        asked = pool.submit(program.get, f"/api/v1/wait?begun={begun}&until={tmp_path / 'never'}")
        eventually(begun.exists)
        code = program.end()
        cut = asked.exception() is not None or asked.result()[0] >= 500

    assert code == 0
    assert cut


def test_the_first_answer_comes_quickly(portico_program: Portico) -> None:
    """On an existing database; the slower tries measure the machine."""
    assert any(first_answer(portico_program) <= FIRST_ANSWER * foundation() for _ in range(TRIES))


def test_a_database_that_lacks_everything_is_refused(other_shop: Portico) -> None:
    """Production never migrates by itself."""
    code, said = other_shop.run("serve", "shop:app", "--port", "0")

    assert code == 1
    assert said == "Error: The database is not migrated, or not for this role: run `portico migrate`.\n"


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_database_that_lacks_a_migration_is_refused(portico_program: Portico, processes: str) -> None:
    """What is missing is named, once, however many processes there are."""
    later = portico_program.folder / "migrations" / "0002_later.py"
    later.write_text(REVISION)
    try:
        code, said = portico_program.run("serve", "shop:app", "--port", "0", "--processes", processes)
    finally:
        later.unlink()

    assert code == 1
    assert said.count("Error: The database lacks migrations (0002_later): run `portico migrate` first.\n") == 1
    assert said.count("Error") == 1


def test_a_database_that_is_ahead_is_served(other_shop: Portico) -> None:
    """A release migrates first: the servers of the one before go on."""
    later = other_shop.folder / "migrations" / "0002_later.py"
    later.write_text(REVISION)
    assert other_shop.run("migrate", "shop:app")[0] == 0
    later.unlink()

    with other_shop.serving("serve", "shop:app") as program:
        assert program.get("/api/v1/hello")[0] == 200


def test_a_killed_process_is_replaced(portico_program: Portico) -> None:
    """Whatever ends one, another answers in its place; SIGTERM still ends them all with 0.

    Processes that share no Valkey were told at the start what that means.
    """
    with portico_program.serving("serve", "shop:app", "--processes", "2") as program:
        eventually(lambda: len(processes(program)) == 2)
        killed = min(processes(program))
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: len(processes(program) - {killed}) == 2)
        code = program.end()

    assert code == 0
    assert "Each of the 2 processes counts limits for itself, so that up to 2 times as much passes" in program.said


def stopped_around_a_request(program: Program, folder: Path, *, then: Callable[[], object] = bool) -> tuple[int, str]:
    """The answer to a request that is in flight when the program is told to stop; `then` comes right after that."""
    begun, until = folder / "begun", folder / "until"
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(program.get, f"/api/v1/wait?begun={begun}&until={until}")
        eventually(begun.exists)
        program.ask_to_stop()
        then()
        eventually(program.is_closed)
        until.touch()
        return asked.result()


def processes(program: Program) -> set[int]:
    """Which processes answer, as far as some requests tell; one that is just killed may drop one."""
    found = set()
    for _ in range(20):
        with suppress(OSError):
            found.add(json.loads(program.get("/api/v1/process")[1])["data"])
    return found


def foundation() -> float:
    """Seconds that a fresh interpreter takes to load what every server needs."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", FOUNDATION], check=True)
    return time.monotonic() - began


def first_answer(program: Portico) -> float:
    """Seconds from the start of the program to its first answer."""
    began = time.monotonic()
    with program.serving("serve", "shop:app") as server:
        assert server.get("/api/v1/hello")[0] == 200
        return time.monotonic() - began
