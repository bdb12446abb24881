"""What a User-Agent says of the device behind it."""

from typing import Protocol


class Devices(Protocol):
    """Reads User-Agents."""

    def name(self, agent: str) -> str:
        """Family and platform, such as `Firefox on Linux`; the same for every version of a browser."""
        ...
