"""The pytest plugin: a database for each worker, emptied for each test; a Valkey for those that want one.

The application under test is the fixture `portico_app`, or the setting `portico_app = "package.module:app"`.
"""

import hashlib
import importlib
import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portico.adapters.postgres.embedded import Embedded
from portico.app.application import App
from portico.testing import on_asyncio
from portico.testing.databases import Databases
from portico.testing.harness import Harness, open_harness

if TYPE_CHECKING:
    from portico.adapters.valkey.embedded import EmbeddedValkey


def pytest_addoption(parser: pytest.Parser) -> None:
    """The setting that names the application."""
    parser.addini("portico_app", "The application under test, as package.module:name.", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Where the project names its application, asynchronous tests run on asyncio, unless it says otherwise itself."""
    if config.getini("portico_app"):
        config.pluginmanager.register(on_asyncio)


@pytest.fixture(scope="session")
def portico_app(request: pytest.FixtureRequest) -> App:
    """The application under test; a project may override this fixture."""
    name = str(request.config.getini("portico_app"))
    module, _, attribute = name.partition(":")
    if not attribute:
        pytest.fail('set portico_app = "package.module:app" in pytest\'s configuration, or write a fixture portico_app')
    found = getattr(importlib.import_module(module), attribute)
    if not isinstance(found, App):
        pytest.fail(f"portico_app = {name!r} is no App")
    return found


@pytest.fixture(scope="session")
async def portico_server(request: pytest.FixtureRequest) -> AsyncIterator[Embedded]:
    """An embedded server, shared by every worker of this project's tests."""
    place = hashlib.sha256(str(request.config.rootpath).encode()).hexdigest()[:12]
    async with await Embedded.start(Path(tempfile.gettempdir()) / f"portico-tests-{place}", durable=False) as server:
        yield server


@pytest.fixture(scope="session")
async def portico_databases(portico_server: Embedded) -> AsyncIterator[Databases]:
    """This worker's databases, removed at the end."""
    databases = Databases(portico_server, os.environ.get("PYTEST_XDIST_WORKER", "main"))
    yield databases
    await databases.drop()


@pytest.fixture
async def portico(portico_app: App, portico_databases: Databases) -> AsyncIterator[Harness]:
    """The application under test on an empty database."""
    async with open_harness(portico_app, await portico_databases.of(portico_app)) as harness:
        await harness.empty()
        yield harness


@pytest.fixture(scope="session")
async def portico_valkey_server() -> "AsyncIterator[EmbeddedValkey]":
    """A Valkey of this worker's, started when a test first wants it."""
    from portico.adapters.valkey.embedded import EmbeddedValkey

    async with await EmbeddedValkey.start() as server:
        yield server


@pytest.fixture
async def portico_valkey(portico_valkey_server: "EmbeddedValkey") -> str:
    """The address of an emptied Valkey: `open_harness(app, portico.urls, valkey_url=portico_valkey)`."""
    from portico.adapters.valkey import Valkey

    valkey = Valkey(portico_valkey_server.url, prefix="")
    try:
        await valkey.call("FLUSHALL")
    finally:
        await valkey.close()
    return portico_valkey_server.url
