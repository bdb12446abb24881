"""One answer, read from a file, to every request: what granian itself takes to give it, without any framework.

`python -m benchmarks.apps.constant PORT FILE`, where the file has `{"headers": [[name, value]], "body": text}`.
"""

import json
import sys
from pathlib import Path
from typing import Any

import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

from portico.cli.serving import AT_ONCE, BACKLOG


class Constant:
    """An application of RSGI, granian's own interface."""

    def __init__(self, file: Path) -> None:
        answer = json.loads(file.read_text())
        self._headers = [(name, value) for name, value in answer["headers"]]
        self._body: bytes = answer["body"].encode()

    async def __rsgi__(self, _scope: Any, protocol: Any) -> None:
        protocol.response_bytes(200, self._headers, self._body)


async def main(port: int, file: Path) -> None:
    """Serves it as `portico serve` serves an application."""
    await Server(
        Constant(file),
        "127.0.0.1",
        port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        backlog=BACKLOG,
        backpressure=AT_ONCE,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), Path(sys.argv[2])))
