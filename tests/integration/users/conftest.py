"""An application that has nothing but accounts, and somebody who runs it."""

import pytest

from portico import App, User
from portico.modules import identity, organizations, users
from portico.testing import Harness

app = App("registry", modules=[identity, organizations, users])


@pytest.fixture(scope="session")
def portico_app() -> App:
    """The registry."""
    return app


@pytest.fixture
async def operator(portico: Harness) -> User:
    """Somebody who runs the installation."""
    user = await portico.member("olga@x.test")
    await portico.rows("update portico.users set operator = true, name = 'Olga' where id = $1", user.id)
    return user
