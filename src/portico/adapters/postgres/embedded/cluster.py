"""Make the data folder of a server, and judge one that is there."""

import shutil
import sys
from pathlib import Path

from portico.adapters.postgres.embedded.binaries import Binaries
from portico.adapters.postgres.embedded.faults import DiskFull, ForeignData, WrongVersion
from portico.adapters.postgres.embedded.log import ServerLog
from portico.adapters.postgres.embedded.place import Place, write_privately

ROOM = 100_000_000  # bytes: a new cluster takes 40 MB, its first migrations and log some more
SUPERUSER = "postgres"
# fsync, synchronous_commit and full_page_writes stay as they are: on.
SETTINGS = {
    "max_connections": "200",
    # Taken as it is used. What is written often must fit: a page that makes room for another is written out first, by
    # the call that needs the room.
    "shared_buffers": "512MB",
    "jit": "off",
    # Its pages lie in memory, or on a solid-state disk: an index is worth its look-up in small tables, too.
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "lc_messages": "C",
}


def check(place: Place, binaries: Binaries) -> bool:
    """Whether a cluster of the right version is there; an error if something else is."""
    if not place.data.exists() or not any(place.data.iterdir()):
        return False
    marker = place.data / "PG_VERSION"
    if not marker.is_file() or not (place.data / "global" / "pg_control").is_file():
        raise ForeignData(place.data, "PG_VERSION or global/pg_control is missing")
    found = marker.read_text(encoding="ascii", errors="replace").strip()
    if found != str(binaries.version):
        raise WrongVersion(place.data, found, binaries.version)
    return True


def create(place: Place, binaries: Binaries, password: str) -> None:
    """Make a cluster beside its place and rename it there, so that it is whole or absent."""
    if shutil.disk_usage(place.home).free < ROOM:
        raise DiskFull(place.home)
    part, words = place.home / "data.new", place.home / "password.new"
    shutil.rmtree(part, ignore_errors=True)
    place.make(part)
    try:
        write_privately(words, password)
        place.account.take(words)
        with ServerLog(place) as log:
            status = place.account.run(initdb(binaries, part, words), within=place.home, output=log.descriptor)
            if status:
                raise log.explain("initdb failed")
    finally:
        words.unlink(missing_ok=True)
    part.replace(place.data)


def initdb(binaries: Binaries, data: Path, words: Path) -> list[str]:
    """The command: UTF-8 and code point order on every machine, passwords everywhere, and our settings."""
    locale = "C.UTF-8" if sys.platform == "linux" else "C"  # what the C library calls it; PostgreSQL has its own
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    return [
        binaries.program("initdb"),
        f"--pgdata={data}",
        f"--username={SUPERUSER}",
        f"--pwfile={words}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        f"--locale={locale}",
        "--text-search-config=english",
        "--no-instructions",
        *settings,
    ]
