"""The till, with an empty record of what it was told."""

import pytest

from portico import App
from tests.integration.inbox import till


@pytest.fixture(scope="session")
def portico_app() -> App:
    """The till."""
    return till.app


@pytest.fixture(autouse=True)
def told() -> list[tuple[object, ...]]:
    """What handlers were given, from now on."""
    till.SEEN.clear()
    till.TROUBLES.clear()
    return till.SEEN
