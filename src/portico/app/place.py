"""Which database an application runs on: one of its own, or the embedded server's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from portico.adapters.postgres.servers import Urls
from portico.app.settings import Settings
from portico.errors import Misconfigured


@asynccontextmanager
async def database_urls(settings: Settings, name: str) -> AsyncIterator[Urls]:
    """The addresses of the database; an embedded server is held as long as the block runs."""
    if settings.database_url is not None:
        app = settings.database_url.get_secret_value()
        owner = settings.database_owner_url.get_secret_value() if settings.database_owner_url else ""
        worker = settings.database_worker_url.get_secret_value() if settings.database_worker_url else ""
        yield Urls(app=app, owner=owner, worker=worker, reader="")
        return
    from portico.adapters.postgres.embedded import Embedded  # only who uses it loads it

    async with await Embedded.start(Path(settings.portico_folder)) as server:
        yield await server.database(name)


def worker_url(urls: Urls) -> str:
    """The worker's address; raises Misconfigured where the settings give none."""
    if not urls.worker:
        message = "DATABASE_WORKER_URL is not set: a worker takes jobs as portico_worker, by a direct connection."
        raise Misconfigured(message)
    return urls.worker


def owner_url(urls: Urls) -> str:
    """The owner's address; raises Misconfigured where the settings give none."""
    if not urls.owner:
        message = (
            "DATABASE_OWNER_URL is not set: migrations run as portico_owner, and DATABASE_URL is the application's."
        )
        raise Misconfigured(message)
    return urls.owner
