"""The running server as its own `postmaster.pid` describes it."""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

CLEANLY = 30.0  # seconds that a stopping server may take to write what it holds in memory
AT_ONCE = 5.0


@dataclass(frozen=True)
class Postmaster:
    """A server's process, its data, and where it listens."""

    data: Path
    pid: int
    port: int
    socket: str
    address: str
    ready: bool

    @classmethod
    def of(cls, data: Path) -> "Postmaster | None":
        """What the file in the data folder says, which a crash may have cut short; nothing where there is none."""
        try:
            text = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, NotADirectoryError):
            return None
        lines = [line.strip() for line in text.splitlines()] + [""] * 8
        return cls(
            data, number(lines[0]), number(lines[3]), socket=lines[4], address=lines[5], ready=lines[7] == "ready"
        )

    def listens(self, port: int | None) -> bool:
        """Whether it can be reached as asked: by its socket, by any port (0), or by this one."""
        return port is None or (bool(self.address) and port in {0, self.port})

    def lives(self) -> bool:
        """Whether the process is this very server: not a zombie, nor another program that got its number."""
        if Path("/proc/self/cwd").exists():
            return self._lives_by_proc()
        return self._lives_by_ps()

    def _lives_by_proc(self) -> bool:
        process = Path("/proc") / str(self.pid)
        try:
            state = (process / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
            place = str((process / "cwd").readlink()).removesuffix(" (deleted)")
        except OSError:
            return False
        return state not in {"Z", "X"} and place == str(self.data)

    def _lives_by_ps(self) -> bool:
        command = ["/bin/ps", "-o", "stat=,command=", "-p", str(self.pid)]
        said = subprocess.run(command, check=False, capture_output=True, text=True, timeout=10).stdout.strip()
        return bool(said) and not said.startswith("Z") and str(self.data) in said

    def forget(self) -> None:
        """Remove the file of a dead server whose number is taken, which PostgreSQL would believe alive.

        Its own check of shared memory still refuses a start while any process of the dead server is left.
        """
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop the server cleanly: sessions are ended, everything is written; if it hangs, at once."""
        for number, patience in ((signal.SIGINT, CLEANLY), (signal.SIGQUIT, AT_ONCE)):
            if not self.lives():
                break
            os.kill(self.pid, number)
            deadline = time.monotonic() + patience
            while self.lives() and time.monotonic() < deadline:
                time.sleep(0.01)
        with contextlib.suppress(OSError):
            Path(self.socket).rmdir()  # empty now, and perhaps in the temporary folder


def number(text: str) -> int:
    """The number, or 0, which no process and no port has."""
    return int(text) if text.isdecimal() else 0
