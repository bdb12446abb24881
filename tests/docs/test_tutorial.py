"""The tutorial, followed to the letter."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.docs.fences import ROOT, Fence, fences
from tests.integration.cli.programs import Portico, environment

PAGE = ROOT / "docs" / "tutorial" / "first-action.md"
EXAMPLE = "http://127.0.0.1:8000"


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty folder that the database server's user may pass too."""
    with tempfile.TemporaryDirectory(prefix="portico-tutorial-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "tmp").mkdir()
        yield folder


def test_the_tutorial_does_what_it_says(place: Path) -> None:
    """Its files, commands and requests, in order, lead from an empty folder to a tested and served application."""
    for fence in fences(PAGE):
        if fence.note.startswith("file="):
            (place / fence.note.removeprefix("file=")).write_text(fence.text, encoding="utf-8")
    settings = settings_of(place)
    shell = fences(PAGE, "sh")
    served = next(n for n, fence in enumerate(shell) if fence.note == "background")

    commands = run(shell[:served], place, settings)
    with Portico(place, settings).serving(*shell[served].text.split()[1:]) as program:
        wire = run(shell[served + 1 :], place, settings, url=program.url)

    assert re.search(r"^3 passed", commands, re.MULTILINE)
    assert "403 FORBIDDEN" in commands
    assert wire.count("HTTP/1.1 201 Created") == 2
    assert wire.count("idempotent-replayed: true") == 1
    assert told(wire.splitlines()[-1]) == told(fences(PAGE, "json")[0].text)


def settings_of(place: Path) -> dict[str, str]:
    """An environment that knows of nothing but the folder, and of this interpreter."""
    kept = {n: v for n, v in environment(place / ".portico").items() if not n.startswith(("PYTEST_", "COV"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return {**kept, "PATH": path, "TMPDIR": str(place / "tmp"), "COLUMNS": "200"}


def run(shown: Sequence[Fence], place: Path, settings: Mapping[str, str], *, url: str = EXAMPLE) -> str:
    """Run the blocks in one shell, which stops at the first failure; what they print."""
    script = "\necho\n".join(["set -e", *(fence.text for fence in shown)]).replace(EXAMPLE, url)
    done = subprocess.run(
        ["sh", "-c", script], cwd=place, env=settings, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def told(problem: str) -> dict[str, object]:
    """A refusal but for its request id."""
    return {**json.loads(problem), "request_id": ""}
