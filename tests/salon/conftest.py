"""The Salon is the application under test."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from portico import App
from portico.testing import Harness
from salon.app import app
from tests.salon.browsing import build_web, chromium
from tests.salon.desk import Desk, open_desk


@pytest.fixture(scope="session")
def portico_app() -> App:
    """The Salon."""
    return app


@pytest.fixture
async def desk(portico: Harness) -> Desk:
    """The front desk of a business in Vienna."""
    return await open_desk(portico, "Salon Kastanie", timezone="Europe/Vienna")


@pytest.fixture(scope="session")
def web() -> None:
    """The browser code, built."""
    build_web()


@pytest.fixture(scope="session")
async def chromium_running() -> AsyncIterator[Browser]:
    """Chromium, started once for this worker."""
    async with chromium() as launched:
        yield launched


@pytest.fixture
async def browser(chromium_running: Browser) -> AsyncIterator[Browser]:
    """Chromium without a cookie or a page; what a test opens in it goes with the test."""
    yield chromium_running
    for context in chromium_running.contexts:
        await context.close()
