"""What takes long, and what repeats itself: told in the log while an application runs, or is written."""

import logging
import os
import re
import sys
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from types import FrameType

from portico.core.observing import Observer, Sight
from portico.core.reporting import about
from portico.ports.statements import Seen

LONGEST = 1_000
"""Characters of a statement in the log."""
LITERAL = re.compile(r"[eE]?'(?:\\.|''|[^'\\])*'|\$(\w*)\$.*?\$\1\$|(?<![\w$.])\d+(?:\.\d+)?\b", re.DOTALL)
OURS = ("portico.", "sqlalchemy.", "greenlet", "asyncio.", "contextlib")
"""Modules between a handler and its database."""
STEPS = ("fetch ", "savepoint ", "release savepoint ", "rollback to ", "set transaction ")
"""Statements that are repeated rightly: steps of a cursor, parts of a transaction."""
LOOP = ("asyncio.events", "asyncio.base_events", "asyncio.runners", "portico.cli.")
"""Where a task's own frames end."""
log = logging.getLogger("portico")


class SlowStatements(Observer):
    """Tells of trips to the database that took as long as `most` seconds, or longer."""

    def __init__(self, most: float) -> None:
        """Tell from then on."""
        self._most = most

    def saw(self, seen: Seen, sight: Sight | None) -> None:
        """Tell of it: its words, without values."""
        if seen.seconds >= self._most:
            ms, sql, whose = round(seen.seconds * 1000, 1), wording(seen.sql), name_of(sight)
            log.warning("a statement of %s took %s ms: %s", whose, ms, sql, extra=more(sight, ms=ms, sql=sql))


class SlowActions(Observer):
    """Tells of queries and mutations that took as long as `most` seconds, or longer, and where the time went."""

    trips = True

    def __init__(self, most: float) -> None:
        """Tell from then on."""
        self._most = most

    def end(self, sight: Sight) -> None:
        """Tell of it; exports and jobs take the time that they need."""
        if sight.seconds >= self._most and sight.plan.action.kind in {"query", "mutation"}:
            ms, parts = round(sight.seconds * 1000, 1), sight.timings()
            where = ", ".join(f"{name} {value}" for name, value in parts.items())
            log.warning("%s took %s ms (%s)", name_of(sight), ms, where, extra=more(sight, ms=ms, **parts))


class Repeats(Observer):
    """Tells of a statement that one call sends more than `most` times: the N+1 of a loop."""

    def __init__(self, most: int) -> None:
        """Tell at the first one beyond."""
        self._most = most

    def saw(self, seen: Seen, sight: Sight | None) -> None:
        """Count it; the frames that have sent it are still there, so that their line can be named."""
        if sight is None or seen.kind != "statement" or seen.sql.startswith(STEPS):
            return
        counts = sight.kept.setdefault(self, Counter[str]())
        sql = wording(seen.sql)
        counts[sql] += 1
        if counts[sql] == self._most + 1:
            words = "%s sends the same statement more than %s times in one call, at %s; read all at once: %s"
            line = sender()
            log.warning(words, name_of(sight), self._most, line, sql, extra=more(sight, line=line, sql=sql))


def more(sight: Sight | None, **details: object) -> Mapping[str, object]:
    """For `extra` of a record."""
    context = {} if sight is None else about(sight.call)
    return {**context, "category": "slow", "details": details}


def name_of(sight: Sight | None) -> str:
    """The action's name."""
    return "no call" if sight is None else sight.plan.action.name


@lru_cache(maxsize=1_000)
def wording(sql: str) -> str:
    """A statement without the values that somebody wrote into it, on one line."""
    return " ".join(LITERAL.sub("?", sql).split())[:LONGEST]


def sender() -> str:
    """File and line of the application, or of a built-in module, that has sent the statement in hand."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001  # the one way to the frames of a running task
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith(LOOP):
            break
        if not module.startswith(OURS) or module.startswith("portico.modules."):
            file, here = frame.f_code.co_filename, os.getcwd() + os.sep  # noqa: PTH109  # a prefix of text
            return f"{file.removeprefix(here)}:{frame.f_lineno}"
        frame = frame.f_back
    return "a place unknown"
