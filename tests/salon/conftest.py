"""The Salon is the application under test."""

import pytest

from portico import App
from portico.testing import Harness
from salon.app import app
from tests.salon.desk import Desk, open_desk


@pytest.fixture(scope="session")
def portico_app() -> App:
    """The Salon."""
    return app


@pytest.fixture
async def desk(portico: Harness) -> Desk:
    """The front desk of a business in Vienna."""
    return await open_desk(portico, "Salon Kastanie", timezone="Europe/Vienna")
