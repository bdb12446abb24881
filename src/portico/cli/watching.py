"""Which source files change, told by looking again and again: that works on every file system."""

import asyncio
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

SUFFIXES = (".py", ".html", ".toml", ".txt")
AWAY = frozenset({"__pycache__", "node_modules", "build", "dist"})
LOOK_SECONDS = 0.3


class Watch:
    """The source files beneath some folders."""

    def __init__(self, folders: Iterable[Path]) -> None:
        """`look` first, then wait for a `change`."""
        self._folders = tuple(folders)
        self._seen: dict[str, int] = {}

    def look(self) -> None:
        """Remember how the files are now."""
        self._seen = dict(self._files())

    async def change(self) -> str:
        """Wait until a file is another, new or gone, and no more changes come; returns its path."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            now = await asyncio.to_thread(lambda: dict(self._files()))
            if now != self._seen:
                first = next(path for path, _ in now.items() ^ self._seen.items())
                while now != self._seen:
                    self._seen = now
                    await asyncio.sleep(LOOK_SECONDS)
                    now = await asyncio.to_thread(lambda: dict(self._files()))
                return first

    def _files(self) -> Iterator[tuple[str, int]]:
        waiting = [str(folder) for folder in self._folders]
        while waiting:
            try:
                entries = list(os.scandir(waiting.pop()))
            except OSError:  # gone while we looked
                continue
            if any(entry.name == "pyvenv.cfg" for entry in entries):
                continue
            for entry in entries:
                if entry.name.startswith(".") or entry.name in AWAY:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.name.endswith(SUFFIXES):
                    yield entry.path, entry.stat().st_mtime_ns
