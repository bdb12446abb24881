"""Where a database is, and as whom to come in."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Urls:
    """The addresses (`postgresql://…`) of one database, one for each role."""

    app: str
    owner: str
    worker: str
    reader: str

    @classmethod
    def of(cls, url: Callable[[str], str]) -> "Urls":
        """The four addresses, each made from the name of its role (`portico_app` and so on)."""
        return cls(
            app=url("portico_app"),
            owner=url("portico_owner"),
            worker=url("portico_worker"),
            reader=url("portico_reader"),
        )
