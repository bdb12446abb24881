"""Pipes with names: what a server reads as a file, and we write."""

import asyncio
import gc
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portico.transports import pipe as module
from portico.transports.pipe import Pipe

pytestmark = [pytest.mark.anyio, pytest.mark.skipif(not module.THERE, reason="the system has no named pipes")]
MUCH = 1024 * 1024


@contextmanager
def reading(pipe: Pipe, found: list[bytes]) -> Iterator[None]:
    """A server's thread that reads the pipe as a file, to its end."""
    thread = threading.Thread(target=lambda: found.append(pipe.path.read_bytes()))
    thread.start()
    yield
    thread.join(10)
    assert not thread.is_alive()


async def test_what_is_written_is_read_to_the_end() -> None:
    """Much more than a pipe holds; afterwards there is no file left."""
    pipe, found = Pipe(), list[bytes]()

    with reading(pipe, found):
        await pipe.open()
        for _ in range(4):
            await pipe.write(b"x" * MUCH)
        await asyncio.to_thread(pipe_closed, pipe)

    assert found == [b"x" * 4 * MUCH]
    assert not pipe.path.parent.exists()


def pipe_closed(pipe: Pipe) -> None:
    """Nothing to wait for: a pipe keeps what was written until it is read."""
    asyncio.run(closed(pipe))


async def closed(pipe: Pipe) -> None:
    """Close it."""
    pipe.close()


async def test_a_pipe_is_written_no_faster_than_it_is_read() -> None:
    """A reader that takes nothing holds the writer up, once the pipe is full."""
    pipe = Pipe()
    reader = os.open(pipe.path, os.O_RDONLY | os.O_NONBLOCK)
    await pipe.open()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await pipe.write(b"x" * MUCH)

    pipe.close()
    os.close(reader)


@pytest.mark.parametrize("anyio_backend", [("asyncio", {}), ("asyncio", {"use_uvloop": True})], ids=("own", "uvloop"))
async def test_a_reader_that_leaves_is_told_to_the_writer() -> None:
    """The next write fails, and so does every other: nobody is there. Each loop has its own way to say so."""
    pipe = Pipe()
    reader = os.open(pipe.path, os.O_RDONLY | os.O_NONBLOCK)
    await pipe.open()
    os.close(reader)

    with pytest.raises(ConnectionError):
        await many(pipe)
    await asyncio.sleep(0)
    with pytest.raises(ConnectionError):
        await many(pipe)

    pipe.close()


@pytest.mark.parametrize("anyio_backend", [("asyncio", {}), ("asyncio", {"use_uvloop": True})], ids=("own", "uvloop"))
async def test_a_reader_that_takes_nothing_gets_a_last_word_all_the_same() -> None:
    """With all that was written before, whenever it reads on; whoever wrote is held up no longer."""
    pipe = Pipe()
    reader = os.open(pipe.path, os.O_RDONLY | os.O_NONBLOCK)
    await pipe.open()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await pipe.write(b"x" * MUCH)

    pipe.close(b"the end")
    del pipe
    gc.collect()
    os.set_blocking(reader, True)

    assert await asyncio.to_thread(read, reader) == b"x" * MUCH + b"the end"


def read(reader: int) -> bytes:
    """All, to the end."""
    with os.fdopen(reader, "rb") as pipe:
        return pipe.read()


async def many(pipe: Pipe) -> None:
    """Write often."""
    for _ in range(100):
        await pipe.write(b"x" * 1000)


async def test_a_pipe_that_nobody_opens_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer is told, and who would still come finds nothing."""
    monkeypatch.setattr(module, "SOON", 0.01)
    pipe = Pipe()

    with pytest.raises(TimeoutError):
        await pipe.open()
    pipe.close()

    assert not Path(pipe.path).exists()


async def test_a_pipe_closed_before_it_was_opened_ends_at_once() -> None:
    """A server that waits for the other end is let go, with nothing."""
    pipe, found = Pipe(), list[bytes]()

    with reading(pipe, found):
        end = None
        while end is None:
            try:
                end = os.open(pipe.path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:
                await asyncio.sleep(0)
        pipe.close()
        os.close(end)

    assert found == [b""]
