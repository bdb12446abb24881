"""A collector: takes what is posted, as Sentry and collectors of traces do."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import NamedTuple


class Posted(NamedTuple):
    """A request that has come."""

    path: str
    body: bytes


class Collector:
    """Listens on a free port."""

    def __init__(self) -> None:
        """Nothing has come yet."""
        self.posted: Queue[Posted] = Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Taking", (Taker,), {"posted": self.posted}))

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def listening(self) -> Iterator["Collector"]:
        """Listen as long as the block runs."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join(timeout=10)


class Taker(BaseHTTPRequestHandler):
    """Keeps what is posted, and says that all is well."""

    posted: Queue[Posted]

    def do_POST(self) -> None:  # named by the standard library
        """Keep one."""
        body = self.rfile.read(int(self.headers["content-length"]))
        body = gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body
        self.posted.put(Posted(self.path, body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""
