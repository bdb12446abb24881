"""The browser code is built from the lock file alone, and served so that a browser asks for it once."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from portico.testing import Harness
from portico.transports.assets import OWN, OWN_PATH, Assets, Built

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[3]
ENTRIES = sorted(p.parent.name for p in (ROOT / "web/portico").glob("*/index.ts*"))


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    """What `make web` makes."""
    subprocess.run([sys.executable, ROOT / "web/build.py"], check=True, timeout=300)


@pytest.mark.parametrize("entry", ENTRIES)
async def test_an_entry_s_files_are_served_for_ever(portico: Harness, entry: str) -> None:
    """All that its tags name is there, as what it is, under a name that never means anything else."""
    files = re.findall(r'"(/_portico/[^"]+)"', Assets([Built(OWN, OWN_PATH)]).tags(entry))

    replies = [await portico.client().get(file) for file in files]

    assert files
    for reply in replies:
        assert reply.status == 200
        assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert reply.headers["content-type"].startswith(("text/javascript", "text/css"))


@pytest.mark.parametrize("file", [".vite", "nothing.js", "..%2fpy.typed", ".vite%2fmanifest.json"])
async def test_nothing_else_is_served(portico: Harness, file: str) -> None:
    """Neither what the build notes for itself nor what lies outside of the folder."""
    assert (await portico.client().get(f"{OWN_PATH}/{file}")).status == 404


def test_the_build_needs_no_network_of_its_own_choosing() -> None:
    """The lock file pins every package by its hash, and names no registry."""
    packages = json.loads((ROOT / "web/package-lock.json").read_text("utf-8"))["packages"]
    foreign = {name: package for name, package in packages.items() if "node_modules/" in name and "link" not in package}

    assert foreign
    assert [name for name, package in foreign.items() if "resolved" in package or "integrity" not in package] == []


def test_what_is_built_loads_nothing_from_elsewhere_and_needs_no_inline_script() -> None:
    """No address of another site is fetched or imported, and no file is written into another."""
    code = "".join(file.read_text("utf-8") for file in OWN.glob("*.js"))

    assert re.findall(r"""(?:import|fetch|src\s*=)\s*\(?\s*["'`](?:https?:)?//""", code) == []
    assert "data:text/javascript" not in code
