"""Folders that every user may reach, as a project's usually is; one has a cluster, made once for all tests here."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from portico.adapters.postgres.embedded import Embedded


@pytest.fixture
def new_folder() -> Iterator[Path]:
    """An empty folder."""
    yield from reachable()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """A folder where each test finds the cluster of the one before, stopped."""
    yield from reachable()


@pytest.fixture
async def folder(cluster: Path) -> AsyncIterator[Path]:
    """The folder of the cluster, whose server is stopped before the next test."""
    yield cluster
    if (cluster / "postgres" / "data" / "postmaster.pid").exists():
        await (await Embedded.start(cluster)).stop()


def reachable() -> Iterator[Path]:
    """A folder with the mode of an ordinary one, removed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="portico-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
