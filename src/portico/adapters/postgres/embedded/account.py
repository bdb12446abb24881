"""Who runs the server: ourselves or, as PostgreSQL refuses root, an unprivileged user."""

import os
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portico.adapters.postgres.embedded.faults import NotSupported

UNPRIVILEGED = "nobody"
PATIENCE = 150.0  # seconds for a program, above what the programs give themselves


@dataclass(frozen=True)
class Account:
    """The user and group that run the server's programs."""

    uid: int
    gid: int

    @classmethod
    def of(cls, data: Path) -> "Account":
        """Ourselves; as root the owner of the data, or `nobody` where there is none yet."""
        if os.getuid() != 0:
            return cls(os.getuid(), os.getgid())
        if data.is_dir() and data.stat().st_uid != 0:
            return cls(data.stat().st_uid, data.stat().st_gid)
        return cls.unprivileged()

    @classmethod
    def unprivileged(cls) -> "Account":
        """The machine's user without rights."""
        import pwd  # absent on Windows

        try:
            entry = pwd.getpwnam(UNPRIVILEGED)
        except KeyError:
            raise NotSupported(f"this is root, and there is no user {UNPRIVILEGED} to run it") from None
        return cls(entry.pw_uid, entry.pw_gid)

    @property
    def is_another(self) -> bool:
        """Whether the server runs as somebody else than we do."""
        return self.uid != os.getuid()

    def reaches(self, path: Path) -> bool:
        """Whether the account may pass through every folder above the path."""
        return not self.is_another or all(self._passes(folder.stat()) for folder in path.parents)

    def _passes(self, folder: os.stat_result) -> bool:
        if folder.st_uid == self.uid:
            return bool(folder.st_mode & stat.S_IXUSR)
        if folder.st_gid == self.gid:
            return bool(folder.st_mode & stat.S_IXGRP)
        return bool(folder.st_mode & stat.S_IXOTH)

    def take(self, path: Path) -> None:
        """Make the path the account's own."""
        if self.is_another:
            os.chown(path, self.uid, self.gid)

    def run(self, command: Sequence[str], *, within: Path, output: int) -> int:
        """Run one of the server's programs in a folder to its end, its words going to a file; answer its status."""
        try:
            return subprocess.run(
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=within,
                env=environment(),
                start_new_session=True,  # Ctrl-C is for us, not for a server that others share
                timeout=PATIENCE,
                user=self.uid if self.is_another else None,
                group=self.gid if self.is_another else None,
                extra_groups=[] if self.is_another else None,
            ).returncode
        except subprocess.TimeoutExpired:
            return 124  # as the shell's `timeout` says it
        except PermissionError as error:
            raise NotSupported(f"this process may not run {command[0]} as user {self.uid} ({error.strerror})") from None


def environment() -> dict[str, str]:
    """The environment without settings of other servers: PGDATA, PGPORT and the like."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}


def temporary_folder(account: Account) -> Path:
    """A folder for things that the account must reach: one that a restart leaves alone, if possible."""
    for folder in (Path("/var") / "tmp", Path(tempfile.gettempdir()).resolve()):
        if folder.is_dir() and os.access(folder, os.W_OK) and account.reaches(folder / "x"):
            return folder
    raise NotSupported(f"user {account.uid}, who would run it, reaches no temporary folder")
