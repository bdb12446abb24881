"""Where the files of one embedded server lie.

In `<folder>/postgres`: the locks, the secret, the log and, in `data`, the cluster. Where the server runs as another
user (root's case) and a folder above is closed to that user, `data` and the socket live in a temporary folder instead,
which `<folder>/postgres/location` names.
"""

import contextlib
import errno
import hashlib
import os
import re
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from portico.adapters.postgres.embedded.account import Account, temporary_folder
from portico.adapters.postgres.embedded.faults import DiskFull, FolderUnusable

# The kernel takes 103 characters (macOS; Linux 107) with the name of the socket; addresses and settings take commas,
# spaces and quotes apart.
FIT_FOR_SOCKET = re.compile(r"[\w/.-]{1,80}", re.ASCII)
MOVED = "portico-postgres-data-"


@dataclass(frozen=True)
class Place:
    """The folder that the user named, the folder of the server's own files, and who runs it."""

    folder: Path
    home: Path
    account: Account

    @property
    def data(self) -> Path:
        """The cluster."""
        return self.home / "data"

    @property
    def own(self) -> Path:
        """What stays with the user's folder wherever the cluster is."""
        return self.folder / "postgres"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.own / "server.log"

    @property
    def gate(self) -> Path:
        """The lock of whoever starts or stops the server."""
        return self.own / "start.lock"

    @property
    def holders(self) -> Path:
        """The lock that everyone who uses the server shares."""
        return self.own / "holders.lock"

    def socket(self) -> Path:
        """The folder of the Unix socket, made if missing: a plain one in the temporary folder if the path is odd."""
        folder = self.home / "socket"
        if not FIT_FOR_SOCKET.fullmatch(str(folder)):
            key = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
            folder = Path(tempfile.gettempdir()) / f"portico-{key}"
            if not self.account.reaches(folder):
                folder = temporary_folder(self.account) / folder.name
        self.make(folder)
        if folder.lstat().st_uid != self.account.uid:
            raise FolderUnusable(folder, "it belongs to another user")
        return folder

    def make(self, folder: Path) -> None:
        """Make a folder that only the server's account may enter."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            return
        self.account.take(folder)

    def secret(self) -> str:
        """The secret that all passwords derive from, made at first use; nobody else may read it."""
        file = self.own / "secret"
        if not file.exists():
            part = self.own / "secret.new"
            write_privately(part, secrets.token_hex(32))
            part.replace(file)  # whole or absent
        return file.read_text(encoding="ascii")


def write_privately(file: Path, text: str) -> None:
    """Write a file that nobody else may read, not even for a moment."""
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as new:
        new.write(text)


def settle(folder: Path) -> Place:
    """The place of a folder, made if it is new."""
    folder = folder.resolve()
    own = folder / "postgres"
    try:
        for path in (folder, own):
            make_passable(path)
        if not os.access(own, os.W_OK | os.X_OK):
            raise FolderUnusable(own, "permission denied")
        return located(folder, own)
    except OSError as error:
        raise fault(error, folder) from error


def fault(error: OSError, folder: Path) -> DiskFull | FolderUnusable:
    """What an error of the file system means."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(folder)
    return FolderUnusable(folder, error.strerror or str(error))


def make_passable(folder: Path) -> None:
    """Make a folder; as root, one through which the server's user may pass (and see nothing)."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True)
    if os.getuid() == 0:
        folder.chmod(0o711)


def located(folder: Path, own: Path) -> Place:
    """The place in the folder or, if the server's user cannot come there, the one that `location` names."""
    pointer = own / "location"
    if pointer.exists() and belongs(home := Path(pointer.read_text(encoding="utf-8")), pointer):
        return Place(folder, home, Account.of(home / "data"))
    account = Account.of(own / "data")
    if account.reaches(own / "data"):
        return Place(folder, own, account)
    return Place(folder, moved(pointer, account), account)


def moved(pointer: Path, account: Account) -> Path:
    """A new home in a temporary folder."""
    parent = temporary_folder(account)
    sweep(parent)
    home = Path(tempfile.mkdtemp(prefix=MOVED, dir=parent)).resolve()
    account.take(home)
    pointer.write_text(str(home), encoding="utf-8")
    (home / "origin").write_text(str(pointer), encoding="utf-8")
    return home


def sweep(parent: Path) -> None:
    """Remove the homes of temporary folders that are gone, such as those of tests; others may only have been moved."""
    temporary = Path(tempfile.gettempdir()).resolve()
    for home in parent.glob(f"{MOVED}*"):
        with contextlib.suppress(OSError):  # another process sweeps too
            origin = Path((home / "origin").read_text(encoding="utf-8"))
            if origin.is_relative_to(temporary) and not origin.exists():
                shutil.rmtree(home)


def belongs(home: Path, pointer: Path) -> bool:
    """Whether a home is the pointer's: a folder that was moved takes its home along, a copy gets one of its own."""
    origin = home / "origin"
    if not origin.exists():
        return False
    named = Path(origin.read_text(encoding="utf-8"))
    if named != pointer and not named.exists():
        origin.write_text(str(pointer), encoding="utf-8")
        return True
    return named == pointer
