"""A process that has loaded Portico, and of which a copy becomes the program whenever a test runs it.

To load Portico takes most of the time of a command that does little. Each run is a process of its own all the same,
with its own folder, environment, output and exit code. Run as a script, this is that process.
"""

import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

FRESH = frozenset({"demo", "dev", "serve", "worker"})
"""Commands that go on, and start processes of their own."""


@dataclass(frozen=True)
class Nursery:
    """Where programs are asked for."""

    address: str

    def run(
        self, arguments: Sequence[str], folder: Path, settings: Mapping[str, str], *, within: float
    ) -> tuple[int, str]:
        """Run one to its end: exit code, and everything it said. One that takes too long is killed."""
        wanted = {"arguments": arguments, "folder": str(folder), "settings": dict(settings)}
        reading, writing = os.pipe()
        with socket.socket(socket.AF_UNIX) as asking, os.fdopen(reading) as output:
            asking.connect(self.address)
            socket.send_fds(asking, [json.dumps(wanted).encode()], [writing])
            os.close(writing)
            asking.shutdown(socket.SHUT_WR)
            with asking.makefile() as told:
                guard = Timer(within, os.kill, (int(told.readline()), signal.SIGKILL))
                guard.start()
                try:
                    said = output.read()
                    return int(told.readline()), said
                finally:
                    guard.cancel()


@contextmanager
def open_nursery() -> Iterator[Nursery]:
    """A nursery that ends with its owner, however that ends."""
    with tempfile.TemporaryDirectory(prefix="nursery-") as folder:
        address = f"{folder}/socket"
        command = [sys.executable, "-u", __file__, address]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            if process.stdout is None or process.stdout.readline() != b"ready\n":
                raise AssertionError("the nursery did not start")
            yield Nursery(address)


def next_asked(listening: socket.socket) -> socket.socket:
    """Copy this process for whoever asks; what the copy is asked comes back in it alone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        if sys.stdin in select.select([listening, sys.stdin], [], [])[0]:
            sys.exit()
        asked, _ = listening.accept()
        if not os.fork():
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listening.close()
            return asked
        asked.close()


def become(asked: socket.socket) -> None:
    """Be the program that is asked for, in another copy; this one waits for its end, and tells of it."""
    message, (output,), _, _ = socket.recv_fds(asked, 65_536, 1)
    while more := asked.recv(65_536):
        message += more
    if program := os.fork():
        os.close(output)
        asked.sendall(f"{program}\n".encode())
        _, status = os.waitpid(program, 0)
        asked.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
        os._exit(0)
    asked.close()
    wanted = json.loads(message)
    for number, file in enumerate((os.open(os.devnull, os.O_RDONLY), output, output)):
        os.dup2(file, number)
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["settings"])
    sys.argv[1:], sys.path[0] = wanted["arguments"], wanted["folder"]


if __name__ == "__main__":
    import portico.adapters.postgres.migrations
    import portico.app.migrating
    import portico.app.running
    import portico.cli

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(sys.argv[1])
        listening.listen()
        gc.freeze()
        print("ready")
        become(next_asked(listening))
    portico.cli.main()
