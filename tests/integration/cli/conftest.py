"""A folder with an application, and one embedded server for all."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from portico.adapters.postgres.embedded import Embedded
from portico.adapters.postgres.servers import Urls
from tests.integration.cli.nursery import Nursery, open_nursery
from tests.integration.cli.programs import Portico, environment

HERE = Path(__file__).parent
NUMBERS = count(1)


@dataclass(frozen=True)
class Held:
    """The embedded server, its folder, the way into its event loop, and the shop's database."""

    folder: Path
    server: Embedded
    portal: BlockingPortal
    database: str = "shop"

    def unprepared(self, name: str) -> Urls:
        """A new database that knows nothing of Portico, as somebody's own server has it."""
        self.portal.call(create_bare, self.server.admin_url("postgres"), name)
        known = self.portal.call(self.server.database, "postgres")
        return Urls.of(lambda role: getattr(known, role.removeprefix("portico_")).replace("/postgres?", f"/{name}?"))


async def create_bare(admin_url: str, name: str) -> None:
    """Create a database, and nothing in it."""
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute(f"create database {name}")
    finally:
        await admin.close()


@pytest.fixture(scope="session")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    """The embedded server of all these tests."""
    folder = tmp_path_factory.mktemp("portico")
    with start_blocking_portal() as portal:
        server = portal.call(partial(Embedded.start, folder, durable=False))
        yield Held(folder, server, portal)
        portal.call(server.stop)


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery | None]:
    """Where commands come from that need not load Portico; none where the lines that they run are counted."""
    if any(name.startswith("COVERAGE_PROCESS") for name in os.environ):
        yield None
        return
    with open_nursery() as running:
        yield running


@pytest.fixture(scope="session")
def portico_program(held: Held, nursery: Nursery | None, tmp_path_factory: pytest.TempPathFactory) -> Portico:
    """The program in a folder with the shop, whose database is migrated."""
    program = Portico(copy_shop(tmp_path_factory.mktemp("project")), environment(held.folder), nursery)
    assert program.run("migrate", "shop:app")[0] == 0
    return program


@pytest.fixture(scope="module")
def own(held: Held) -> Held:
    """The embedded server with a database that no other module writes to."""
    return replace(held, database=f"shop_{next(NUMBERS)}")


@pytest.fixture(scope="module")
def own_program(own: Held, nursery: Nursery | None, tmp_path_factory: pytest.TempPathFactory) -> Portico:
    """The program in a folder with a shop of the module's own, whose database is migrated."""
    program = Portico(copy_shop(tmp_path_factory.mktemp("own"), own.database), environment(own.folder), nursery)
    assert program.run("migrate", "shop:app")[0] == 0
    return program


@pytest.fixture
def other_shop(held: Held, nursery: Nursery | None, tmp_path: Path) -> Portico:
    """The program in a folder with a shop of its own, of another name: its database is not there yet."""
    return Portico(copy_shop(tmp_path / "project", f"shop_{next(NUMBERS)}"), environment(held.folder), nursery)


def copy_shop(folder: Path, name: str = "shop") -> Path:
    """The shop's files in another folder, and its name."""
    shutil.copytree(HERE / "migrations", folder / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    text = (HERE / "shop.py").read_text()
    (folder / "shop.py").write_text(text.replace('"shop",\n    modules', f'"{name}",\n    modules'))
    return folder
