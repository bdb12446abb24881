"""What every test shares: one event loop backend."""

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asyncio, which is what the drivers and servers run on."""
    return "asyncio"
