"""Operator: who runs the installation."""

from typing import ClassVar

from portico.core.call import Call
from portico.core.policy import Ask, Contract, Policy
from portico.errors import Error, Forbidden, KeyRefused


class Operator(Policy):
    """For the people who run the installation, across all organizations; `portico users operator` names them.

    The action sees every account: row level security lets it, because the gate has found an operator. API keys do not
    pass.
    """

    authorizes: ClassVar[bool] = True

    def ask(self) -> Ask:
        """An operator's sight."""
        return Ask(operator=True)

    def decide(self, call: Call) -> Error | None:
        """Refuse everybody else."""
        if call.facts.key_id is not None:
            return KeyRefused()
        return None if call.facts.operator else Forbidden()

    def contract(self) -> Contract:
        """It may answer FORBIDDEN and AUTH_KEY_REFUSED."""
        return Contract(errors=(Forbidden, KeyRefused))
