"""Numbers that processes count in memory which they share: one adds, the others read, and none waits for another.

Each process has a file of its own in a folder, mapped into its memory, and a second one that says which number is what.
A process that ends, however it ends, leaves its counts behind: without them the sum of all would fall, and look like a
start anew. A lock on its file, which the kernel drops, tells who is alive.
"""

import io
import mmap
import os
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple
from uuid import uuid4

from pydantic_core import from_json, to_json

SIZE = 65_536
"""Numbers of one process."""
SPARE = 32
"""The first ones stand for all that finds no place any more; nobody reads them."""
VALUES, KEYS = ".values", ".keys"


class Stretch(NamedTuple):
    """Numbers that belong together: of one metric, under one set of labels."""

    metric: str
    labels: tuple[str, ...]
    values: Sequence[float]
    lasting: bool
    """Whether it is true of the past as well, as a count is, and not of the moment alone."""
    live: bool = True
    """Whether the process that counted them still runs."""


class Cells:
    """One process's numbers, in its own memory; `values` may be written at any time."""

    def __init__(self) -> None:
        """All of them are 0, and none is named."""
        self.alone = True
        """Whether nobody else counted with it when it began."""
        self.values: array[float] | memoryview[float] = array("d", bytes(8 * SIZE))
        self._keys: BinaryIO = io.BytesIO()
        self._free = SPARE

    def stretch(self, metric: str, labels: Sequence[str], size: int, *, lasting: bool) -> int:
        """Where so many numbers begin, from now on named so."""
        if self._free + size > SIZE:
            return 0
        first, self._free = self._free, self._free + size
        self._keys.write(to_json([first, size, metric, labels, lasting]) + b"\n")
        self._keys.flush()
        return first

    def stretches(self) -> list[Stretch]:
        """All that is named: one's own, and that of the others where numbers are shared."""
        keys = self._keys.getvalue() if isinstance(self._keys, io.BytesIO) else b""
        return [Stretch(metric, labels, self.values[at], lasting) for at, metric, labels, lasting in _named(keys)]

    def close(self) -> None:
        """Share no more; what is still written is written for nobody."""


class SharedCells(Cells):
    """One process's numbers in a folder with those of its siblings."""

    def __init__(self, folder: Path) -> None:
        """Join those that count there; where nobody lives any more, begin anew. Raises OSError."""
        super().__init__()
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._own = folder, folder / f"{os.getpid()}-{uuid4().hex[:8]}"
        self._descriptor = -1
        with locked(folder, shared=False):
            files = self._files()
            dead = [file for file in files if not _lives(file)]
            self.alone = len(dead) == len(files)
            self._open()
            if not self.alone:
                self._adopt([stretch for file in dead for stretch in _written(file) if stretch.lasting])
            for file in dead:
                file.with_suffix(KEYS).unlink(missing_ok=True)
                file.unlink(missing_ok=True)

    def stretches(self) -> list[Stretch]:
        """Of every process, the dead too."""
        with locked(self._folder, shared=True):
            return [stretch for file in self._files() for stretch in _written(file)]

    def close(self) -> None:
        """Leave: the counts stay for the others to read."""
        if self._descriptor < 0:
            return
        shared, self.values = self.values, array("d", bytes(8 * SIZE))
        if isinstance(shared, memoryview):
            shared.release()
        self._memory.close()
        self._keys.close()
        self._keys = io.BytesIO()
        os.close(self._descriptor)
        self._descriptor = -1

    def _open(self) -> None:
        import fcntl  # absent on Windows, where nobody gets here

        path = self._own.with_suffix(VALUES)
        self._keys = self._own.with_suffix(KEYS).open("xb")
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        os.ftruncate(self._descriptor, 8 * SIZE)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        self._memory = mmap.mmap(self._descriptor, 8 * SIZE)
        self.values = memoryview(self._memory).cast("d")

    def _adopt(self, left: Sequence[Stretch]) -> None:
        """Count on from what dead siblings have left, so that their files can go."""
        places: dict[tuple[str, tuple[str, ...]], int] = {}
        for stretch in left:
            key, size = (stretch.metric, stretch.labels), len(stretch.values)
            if key not in places:
                places[key] = self.stretch(*key, size, lasting=True)
            for offset, value in enumerate(stretch.values):
                self.values[places[key] + offset] += value

    def _files(self) -> list[Path]:
        """One of each process, dead or alive."""
        return sorted(self._folder.glob(f"*{VALUES}"))


def _written(file: Path) -> Iterator[Stretch]:
    """What is in one process's file."""
    named, values, live = _named(file.with_suffix(KEYS).read_bytes()), array("d"), _lives(file)
    with file.open("rb") as numbers:
        values.frombytes(numbers.read(8 * max((at.stop for at, *_ in named), default=0)))
    for at, metric, labels, lasting in named:
        yield Stretch(metric, labels, values[at], lasting, live)


def _named(keys: bytes) -> list[tuple[slice, str, tuple[str, ...], bool]]:
    """Which numbers are what; a line without its end is still being written."""
    lines = [from_json(line) for line in keys.splitlines(keepends=True) if line.endswith(b"\n")]
    return [
        (slice(first, first + size), metric, tuple(labels), lasting) for first, size, metric, labels, lasting in lines
    ]


def _lives(path: Path) -> bool:
    """Whether somebody holds the lock on it."""
    import fcntl

    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


@contextmanager
def locked(folder: Path, *, shared: bool) -> Iterator[None]:
    """Let nobody join meanwhile; `shared` lets others read."""
    import fcntl

    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
