"""Log lines: one JSON object each, with the request id; or text, for people."""

import asyncio
import io
import logging
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Literal, TextIO

from pydantic_core import to_json

FLUSH = 0.2
"""Seconds that a line may wait in memory: writing each at once costs more than many an action."""


Line = Callable[[Mapping[str, object]], bytes]


def as_json(line: Mapping[str, object]) -> bytes:
    """A request as one JSON object."""
    return to_json(line, fallback=str)


def as_text(line: Mapping[str, object]) -> bytes:
    """A request as a person reads it: when, what, how it went."""
    now = time.strftime("%H:%M:%S")
    return f"{now} {line['status']} {line['method']} {line['path']} {line['ms']} ms".encode()


LINES: Mapping[Literal["json", "text"], Line] = {"json": as_json, "text": as_text}
"""How a request is written, by the setting."""


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
    """A log record as one JSON line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message, request id, traceback."""
        line: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", None),
        }
        if record.exc_info:
            text = io.StringIO()
            traceback.print_exception(record.exc_info[1], file=text)
            line["traceback"] = text.getvalue()
        return to_json(line, fallback=str).decode()


def start_log(form: Literal["json", "text"]) -> None:
    """Send Portico's log to standard error, unless the host has set up logging itself."""
    logger = logging.getLogger("portico")
    if logger.handlers or logging.getLogger().handlers:
        return
    handler = logging.StreamHandler()
    text = logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")
    handler.setFormatter(JsonFormatter() if form == "json" else text)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
