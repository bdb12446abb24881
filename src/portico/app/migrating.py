"""Bringing the database of an application up to date."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from portico.adapters.postgres.proof import store_proof_key
from portico.adapters.postgres.servers import Urls
from portico.app.secret import derive, read_secret
from portico.app.settings import Settings

if TYPE_CHECKING:
    from portico.app.application import App


async def migrate(app: "App", urls: Urls, settings: Settings, *, report: Callable[[str], None]) -> int:
    """Apply what is missing, and store the key of this secret; returns how many revisions were applied."""
    from portico.adapters.postgres.migrations import upgrade  # Alembic loads only where it is used

    applied = await upgrade(urls, app_migrations=app.migrations, report=report)
    await store_proof_key(urls.owner, derive(read_secret(settings), "proof"))
    return applied
