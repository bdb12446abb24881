"""A server that is told to stop ends its streams: whoever listens does not hold it up."""

import time
import urllib.request
from contextlib import ExitStack, closing
from http.client import HTTPResponse
from itertools import islice

import pytest

from tests.integration.cli.programs import PATIENCE, Portico, Program

TICKER = '''"""A clock that ticks once."""

import asyncio
import os
from collections.abc import AsyncIterator

from portico import App, Module, Public, PublicContext

ticker = Module("ticker")


@ticker.subscription("GET /ticks", Public("whoever listens"))
async def ticks(_: PublicContext) -> AsyncIterator[int]:
    """Say which process this is, then wait for ever."""
    yield os.getpid()
    await asyncio.Event().wait()


app = App("shop", modules=[ticker])  # whose database is there
'''
GRACE = 20.0
MOST = 100
ROOM = {"PORTICO_GRACE": f"{GRACE}", "PORTICO_STREAMS_PER_USER": f"{MOST}"}
WAYS = {
    "granian": (),
    "uvicorn": ("--server", "uvicorn"),
    "granian processes": ("--processes", "2"),
    "uvicorn processes": ("--server", "uvicorn", "--processes", "2"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_stream_delays_no_end(portico_program: Portico, way: str) -> None:
    """At SIGTERM its client is told to come back, and the server ends long before its grace does."""
    (portico_program.folder / "ticker.py").write_text(TICKER)
    with (
        portico_program.serving("serve", "ticker:app", *WAYS[way], **ROOM) as program,
        ExitStack() as streams,
    ):
        opened, processes = list[HTTPResponse](), set[bytes]()
        wanted = 2 if "processes" in way else 1
        while len(processes) < wanted and len(opened) < MOST:  # who takes a connection is the system's choice
            opened.append(streams.enter_context(closing(listen(program))))
            processes.add(first_value(opened[-1]))
        began = time.monotonic()
        program.ask_to_stop()
        rest = [stream.read().decode() for stream in opened]
        code = program.end()

    assert time.monotonic() - began < GRACE / 2
    assert code == 0
    assert all("event: problem" in said and '"status":503' in said and "retry: " in said for said in rest)


def listen(program: Program) -> HTTPResponse:
    """A stream of the program."""
    request = urllib.request.Request(f"{program.url}/api/v1/ticks", headers={"Accept": "text/event-stream"})
    answer: HTTPResponse = urllib.request.urlopen(request, timeout=PATIENCE)
    return answer


def first_value(stream: HTTPResponse) -> bytes:
    """The first value that it tells, after `ready`."""
    told = (line for line in iter(stream.readline, b"") if line.startswith(b"data: "))
    _, value = islice(told, 2)
    return value
