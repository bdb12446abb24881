"""The harbor, its database, and its log."""

import io
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import pytest
from pydantic_core import from_json

from portico import App
from portico.adapters.postgres.servers import Urls
from portico.app.logs import JsonFormatter
from portico.testing import Harness, open_harness
from portico.testing.databases import Databases
from tests.integration.observe.harbor import app

Logged: TypeAlias = Callable[[], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def portico_app() -> App:
    """The harbor."""
    return app


@pytest.fixture
async def urls(portico_databases: Databases) -> Urls:
    """The harbor's migrated database."""
    return await portico_databases.of(app)


@asynccontextmanager
async def opened(urls: Urls, **settings: object) -> AsyncIterator[Harness]:
    """The harbor under those settings, with nothing in its database."""
    async with open_harness(app, urls, **settings) as portico:
        await portico.empty()
        yield portico


@pytest.fixture
def logged() -> Iterator[Logged]:
    """What Portico's log has said so far, line by line, as an operator reads it."""
    stream, logger = io.StringIO(), logging.getLogger("portico")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger.addHandler(handler)
    yield lambda: [from_json(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)
