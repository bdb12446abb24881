"""What asynchronous tests run on, in a project that names its application.

Registered by the plugin once anyio's own is there, so that this fixture is the one that is found.
"""

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asyncio alone, in one event loop for the whole session: a connection is of the loop that opened it."""
    return "asyncio"
