"""Error reports of an application, where the settings name who takes them."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.app.settings import Settings


@contextmanager
def reported(settings: "Settings") -> Iterator[None]:
    """Report what the log calls an error, as long as the block runs; raises Misconfigured where that cannot be."""
    if settings.sentry_dsn is None:
        yield
        return
    try:
        from portico.adapters.sentry import Reports, start_sentry
    except ModuleNotFoundError:
        raise Misconfigured("SENTRY_DSN is set, and Sentry is not installed: install portico[sentry].") from None
    dsn, logger, reports = settings.sentry_dsn.get_secret_value(), logging.getLogger("portico"), Reports()
    try:
        stop = start_sentry(dsn, release=settings.portico_release, environment=settings.sentry_environment)
    except ValueError:
        raise Misconfigured("SENTRY_DSN is no address of a project, such as https://key@sentry.example/1.") from None
    logger.addHandler(reports)
    try:
        yield
    finally:
        logger.removeHandler(reports)
        stop()
