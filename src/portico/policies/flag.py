"""Flag: an action that is there for some and not for others."""

from typing import ClassVar

from portico.core.call import Call
from portico.core.policy import Contract, Policy, Stage
from portico.core.rollouts import flag_of
from portico.errors import Error, NotFound


class Flag(Policy):
    """Hides the action from everybody for whom the flag is not on: to them there is no such thing.

    `name` is a flag of the application, or a feature that plans include.
    """

    name: str
    stacks: ClassVar[bool] = True

    @property
    def stage(self) -> Stage:
        """Before permissions: what is hidden is not forbidden."""
        return Stage.HIDDEN

    def decide(self, call: Call) -> Error | None:
        """Hide it."""
        return None if flag_of(call, self.name) else NotFound()

    def contract(self) -> Contract:
        """It may answer NOT_FOUND."""
        return Contract(errors=(NotFound,), flags=(self.name,))
