"""The program `portico`, run as a user runs it."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer

from tests.integration.cli.nursery import FRESH, Nursery

PATIENCE = 30.0
SERVED = re.compile(r"is served at (http://\S+)")
UNSET = (
    *("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL", "VALKEY_URL"),
    *("SECRET_KEY", "PORT", "PORTICO_APP", "PORTICO_LOG"),
)
OPERATORS = {"PORTICO_MAIL": "mailbox", "PORTICO_URL": "http://127.0.0.1"}
"""What a server is told of mail; `dev` and `demo` know it themselves."""


@dataclass
class Program:
    """A running `portico`, and what it has said."""

    process: "subprocess.Popen[str]"
    said: str = ""
    url: str = field(default="", init=False)

    def until(self, pattern: str) -> re.Match[str]:
        """Read on until it says so; it fails where the program ends or is silent for too long."""
        guard = Timer(PATIENCE, self.process.kill)
        guard.start()
        try:
            for line in self.process.stdout or ():
                self.said += line
                if found := re.search(pattern, line):
                    return found
        finally:
            guard.cancel()
        message = f"it never said {pattern!r}, but:\n{self.said}"
        raise AssertionError(message)

    def get(self, path: str, *, token: str = "") -> tuple[int, str]:
        """GET a path of what it serves."""
        request = urllib.request.Request(self.url + path, headers={"Authorization": f"Bearer {token}"} if token else {})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def post(self, path: str) -> int:
        """POST nothing to a path of what it serves; the status."""
        request = urllib.request.Request(self.url + path, method="POST")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return int(answer.status)

    def is_closed(self) -> bool:
        """Whether nobody listens there any more."""
        try:
            self.get("/api/v1/hello")
        except OSError:
            return True
        return False

    def ask_to_stop(self) -> None:
        """Send it SIGTERM."""
        self.process.send_signal(signal.SIGTERM)

    def end(self) -> int:
        """Stop it; its exit code."""
        if self.process.poll() is None:
            self.ask_to_stop()
        self.said += self.process.communicate(timeout=PATIENCE)[0]
        return self.process.returncode


@dataclass(frozen=True)
class Portico:
    """The program in a folder, with settings; the embedded server's folder is shared by all tests."""

    folder: Path
    environment: Mapping[str, str]
    nursery: Nursery | None = None
    """What the commands that end soon are copies of; without it, and else, each is a new process."""

    @contextmanager
    def serving(self, *arguments: str, **settings: str) -> Iterator[Program]:
        """A server on a free port, once it answers."""
        program = Program(self._open((*arguments, "--port", "0"), settings))
        try:
            program.url = program.until(SERVED.pattern)[1]
            yield program
        finally:
            program.end()

    def run(self, *arguments: str, **settings: str) -> tuple[int, str]:
        """Run it to its end: exit code, and everything it said."""
        if self.nursery and arguments[0] not in FRESH:
            return self.nursery.run(arguments, self.folder, {**self.environment, **settings}, within=PATIENCE)
        process = self._open(arguments, settings)
        said, _ = process.communicate(timeout=PATIENCE)
        return process.returncode, said

    def piped(self, *arguments: str, lines: int) -> tuple[list[str], str]:
        """Run it before who reads so many lines and leaves: these, and what it said on standard error."""
        with self._open(arguments, {}, errors=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            read = [process.stdout.readline() for _ in range(lines)]
            process.stdout.close()
            return read, process.stderr.read()

    def _open(
        self, arguments: Sequence[str], settings: Mapping[str, str], *, errors: int = subprocess.STDOUT
    ) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "portico.cli", *arguments],
            cwd=self.folder,
            env={**self.environment, **(OPERATORS if arguments[0] == "serve" else {}), **settings},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )


def environment(server: Path) -> dict[str, str]:
    """This process's environment, without what would name another database."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return {**kept, "PORTICO_FOLDER": str(server), "PORTICO_RATE_LIMIT_FACTOR": "1000", "PYTHONUNBUFFERED": "1"}


def eventually(condition: Callable[[], object]) -> None:
    """Ask again and again until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
