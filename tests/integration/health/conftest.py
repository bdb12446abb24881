"""The clinic, its database, and what it shares."""

import pytest

from portico import App
from portico.adapters.postgres.servers import Urls
from portico.testing.databases import Databases
from tests.integration.health.clinic import Archive, app


@pytest.fixture(scope="session")
def portico_app() -> App:
    """The clinic."""
    return app


@pytest.fixture(autouse=True)
def _well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Archive, "problem", "")


@pytest.fixture
async def urls(portico_databases: Databases) -> Urls:
    """The clinic's migrated database."""
    return await portico_databases.of(app)
