"""The server's log, and what it says when something fails."""

import os
import re
import shutil
from types import TracebackType
from typing import Self

from portico.adapters.postgres.embedded.faults import (
    DiskFull,
    FolderUnusable,
    ForeignData,
    PortInUse,
    ServerUnusable,
    StartFailed,
)
from portico.adapters.postgres.embedded.place import Place

SCARCE = 1_000_000  # bytes: with less the server can say nothing either
LARGEST = 10_000_000  # bytes; a larger log begins anew at the next start
GRAVE = re.compile(r"(?:PANIC|FATAL|error): +(.+)")
DAMAGED = re.compile(
    r"could not locate a valid checkpoint|invalid (?:primary )?checkpoint|PANIC|control file|pg_filenode"
)


class ServerLog:
    """The log opened for one start: what was said since tells why it failed."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def __enter__(self) -> Self:
        self.descriptor = os.open(self._place.log, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        if os.fstat(self.descriptor).st_size > LARGEST:
            os.ftruncate(self.descriptor, 0)
        self._before = os.fstat(self.descriptor).st_size
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.close(self.descriptor)

    def said(self) -> str:
        """What the server said since the log was opened."""
        size = os.fstat(self.descriptor).st_size - self._before
        return os.pread(self.descriptor, size, self._before).decode(errors="replace")

    def explain(self, what: str) -> ServerUnusable:
        """The error that stands behind what was said."""
        said = self.said()
        lines = GRAVE.findall(said)
        reason = f"{what}: {lines[0].strip()}" if lines else what
        if "No space left on device" in said or shutil.disk_usage(self._place.home).free < SCARCE:
            return DiskFull(self._place.home)
        if port := re.search(r'could not bind IPv4 address "127.0.0.1".*\n(?:.*\n)?.*port (\d+)', said):
            return PortInUse(int(port[1]))
        if "Permission denied" in said:
            return FolderUnusable(self._place.home, reason)
        if DAMAGED.search(said):
            return ForeignData(self._place.data, reason)
        return StartFailed(self._place.folder, reason, f"see {self._place.log}")
