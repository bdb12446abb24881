"""What services' actions refuse."""

from portico import Duplicate


class ServiceExists(Duplicate, code="BIZ_SERVICE_EXISTS"):
    """A service of this name exists already."""

    at: str | None = "name"
