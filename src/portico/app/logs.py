"""Log lines: one JSON object each, with the request id; or text, for people."""

import asyncio
import io
import logging
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal, TextIO

from pydantic_core import to_json

from portico.core.reporting import CONTEXT
from portico.core.scrubbing import scrub

FLUSH = 0.2
"""Seconds that a line may wait in memory: writing each at once costs more than many an action."""


Line = Callable[[Mapping[str, object]], bytes]


def as_json(line: Mapping[str, object]) -> bytes:
    """A request as one JSON object."""
    return to_json(line, fallback=str)


def as_text(line: Mapping[str, object]) -> bytes:
    """A request as a person reads it: when, what, how it went."""
    now = time.strftime("%H:%M:%S")
    told = f"{now} {line['status']} {line['method']} {line['path']} {line['ms']} ms"
    return " ".join([told, *(str(line[name]) for name in ("action", "code") if name in line)]).encode()


LINES: Mapping[Literal["json", "text"], Line] = {"json": as_json, "text": as_text}
"""How a request is written, by the setting."""


@lru_cache(maxsize=2)
def _second(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))


def moment(at: float) -> str:
    """A time in UTC, to the millisecond (RFC 3339)."""
    second = int(at)
    return f"{_second(second)}.{int((at - second) * 1000):03d}Z"


class AccessLog:
    """One line a request, collected and written together."""

    def __init__(self, stream: TextIO | None = None, *, line: Line = as_json) -> None:
        """Write to standard error unless told otherwise."""
        self._stream = stream
        self._line = line
        self._lines: list[bytes] = []
        self._timer: asyncio.TimerHandle | None = None

    def write_access(self, line: dict[str, object]) -> None:
        """Take one line."""
        self._lines.append(self._line(line))
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(FLUSH, self.flush)

    def flush(self) -> None:
        """Write what has come."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        lines, self._lines = self._lines, []
        if lines:
            stream = self._stream or sys.stderr
            stream.write(b"\n".join(lines).decode() + "\n")
            stream.flush()


class JsonFormatter(logging.Formatter):
    """A log record as one JSON line, without the secrets of the call that it is about."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, severity, category, message, the call's context, traceback."""
        known, secrets = vars(record), secrets_in(record)
        trouble = "category" in known or record.levelno >= logging.WARNING
        line: dict[str, object] = {
            "at": moment(record.created),
            "severity": record.levelname.lower(),
            **({"category": known.get("category", "internal")} if trouble else {}),
            "logger": record.name,
            "message": _writable(scrub(record.getMessage(), secrets)),
            **{name: known[name] for name in CONTEXT if name in known},
            **known.get("details", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["traceback"] = _writable(scrub(told(record.exc_info[1]), secrets))
        return to_json(line, fallback=str).decode()


class TextFormatter(logging.Formatter):
    """A log record for people, without the secrets of the call that it is about."""

    def __init__(self) -> None:
        """When, how bad, what."""
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the traceback beneath."""
        return scrub(super().format(record), secrets_in(record))


def _writable(text: str) -> str:
    """The text as JSON takes it: an exception may quote a file that is no text."""
    return text.encode("utf-8", "replace").decode()


def secrets_in(record: logging.LogRecord) -> frozenset[str]:
    """What the call that the record is about must keep to itself."""
    found: frozenset[str] = getattr(record, "secrets", frozenset())
    return found


def told(problem: BaseException) -> str:
    """The traceback, with what caused it."""
    text = io.StringIO()
    traceback.print_exception(problem, file=text)
    return text.getvalue()


def start_log(form: Literal["json", "text"]) -> None:
    """Send Portico's log to standard error, unless the host has set up logging itself."""
    logger = logging.getLogger("portico")
    if logger.handlers or logging.getLogger().handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
