"""The application that sends mail, and a mail server that takes it."""

from collections.abc import AsyncIterator

import pytest

from portico import App
from tests.integration.mail.letters import app
from tests.integration.mail.post_office import PostOffice


@pytest.fixture(scope="session")
def portico_app() -> App:
    """It sends mail."""
    return app


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    """A mail server on a free port of this machine."""
    office = PostOffice()
    async with office.open():
        yield office
