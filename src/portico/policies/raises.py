"""Raises: an error of the action."""

from collections.abc import Mapping
from typing import ClassVar

from portico.core.policy import NO_MEANINGS, Contract, Policy
from portico.errors import Error, Misconfigured


class Raises(Policy):
    """An error of the action; `on` names the database constraint that means it (then it has no required data)."""

    error: type[Error]
    on: str = ""
    stacks: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Raise Misconfigured where a constraint could not become it for want of its data."""
        if self.on:
            try:
                self.error()
            except TypeError:
                message = f"Raises({self.error.__name__}, on={self.on!r}): its required data no constraint knows"
                raise Misconfigured(message) from None

    def meanings(self) -> Mapping[str, type[Error]]:
        """The constraint's meaning."""
        return {self.on: self.error} if self.on else NO_MEANINGS

    def contract(self) -> Contract:
        """It may answer the error."""
        return Contract(errors=(self.error,))
