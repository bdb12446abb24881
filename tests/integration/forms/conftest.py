"""The office is the application under test."""

import pytest

from portico import App
from portico.testing import Harness
from tests.integration.office.app import app
from tests.integration.office.people import Office, open_office


@pytest.fixture(scope="session")
def portico_app() -> App:
    """The office."""
    return app


@pytest.fixture
async def alpha(portico: Harness) -> Office:
    """One office."""
    return await open_office(portico, "Alpha")


@pytest.fixture
async def beta(portico: Harness) -> Office:
    """Another office."""
    return await open_office(portico, "Beta")
