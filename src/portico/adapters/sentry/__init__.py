"""Error reports to Sentry: what Portico's log calls an error, with its kind and context, and without secrets."""

import logging
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, cast

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.utils import event_from_exception

from portico.core.scrubbing import HIDDEN, NAMED, scrub

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

RECORD = "log_record"
TAGS = ("category", "action", "request_id", "org")
LAST = 5.0
"""Seconds that reports on their way may take when the application closes."""


def start_sentry(dsn: str, *, release: str, environment: str) -> Callable[[], None]:
    """Begin to send, unless the host has begun by itself; what is returned ends it. Raises ValueError for a wrong DSN.

    What a handler sends by `sentry_sdk` goes the same way. No library is patched, no body or local variable looked at.
    """
    if sentry_sdk.get_client().is_active():
        return lambda: None
    try:
        sentry_sdk.init(
            dsn,
            release=release,
            environment=environment,
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[DedupeIntegration(), AtexitIntegration(callback=lambda _pending, _timeout: None)],
            include_local_variables=False,
            max_request_body_size="never",
            before_send=without_secrets,
        )
    except sentry_sdk.utils.BadDsn as problem:
        raise ValueError(str(problem)) from None
    return _stop


def _stop() -> None:
    sentry_sdk.get_client().close(timeout=LAST)
    sentry_sdk.get_global_scope().set_client(None)


class Reports(logging.Handler):
    """Sends each record of an error."""

    def __init__(self) -> None:
        """From errors on."""
        super().__init__(logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:
        """Hand one to the client, which sends it in a thread of its own."""
        known, event, hint = vars(record), dict[str, Any](), dict[str, Any]()
        if record.exc_info and record.exc_info[0] is not None:
            options = sentry_sdk.get_client().options
            made, hint = event_from_exception(record.exc_info, client_options=options)
            event.update(made)
        event["level"], event["logger"] = record.levelname.lower(), record.name
        event["logentry"] = {"message": str(record.msg), "formatted": record.getMessage()}
        tags = {name: str(known[name]) for name in TAGS if name in known}
        event["tags"] = {"category": "internal", "severity": record.levelname.lower(), **tags}
        if "user" in known:
            event["user"] = {"id": str(known["user"])}
        if details := known.get("details"):
            event["contexts"] = {"details": dict(details)}
        sentry_sdk.capture_event(cast("Event", event), hint={**hint, RECORD: record})


def without_secrets(event: "Event", hint: "Hint") -> "Event":
    """The report without what its call must hide, and what looks like it."""
    record = hint.get(RECORD)
    secrets: Collection[str] = getattr(record, "secrets", frozenset())
    return cast("Event", _scrubbed(event, secrets))


def _scrubbed(value: object, secrets: Collection[str]) -> object:
    if isinstance(value, str):
        return scrub(value, secrets)
    if isinstance(value, Mapping):
        return {
            name: HIDDEN if isinstance(one, str) and NAMED.search(str(name)) else _scrubbed(one, secrets)
            for name, one in value.items()
        }
    if isinstance(value, list | tuple):
        return [_scrubbed(one, secrets) for one in value]
    return value
