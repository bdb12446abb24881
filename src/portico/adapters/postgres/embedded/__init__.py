"""A real PostgreSQL server in a folder: started on first use, shared by processes, stopped by the last to leave."""

from portico.adapters.postgres.embedded.faults import (
    BinariesMissing,
    DiskFull,
    FolderUnusable,
    ForeignData,
    NotSupported,
    PortInUse,
    ServerUnusable,
    StartFailed,
    WrongVersion,
)
from portico.adapters.postgres.embedded.server import Embedded

__all__ = [
    "BinariesMissing",
    "DiskFull",
    "Embedded",
    "FolderUnusable",
    "ForeignData",
    "NotSupported",
    "PortInUse",
    "ServerUnusable",
    "StartFailed",
    "WrongVersion",
]
