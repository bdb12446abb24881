"""Owns: the row's owner."""

from typing import ClassVar

from portico.core.call import Call
from portico.core.policy import Ask, Contract, Policy
from portico.errors import Error, Forbidden, NotFound


class Owns(Policy):
    """The row's owner, or who holds the permission `unless`.

    `table` is a tenant table, `id` a template of the row's id, `by` the column of the owner's user id. The row is read
    and locked in the gate; a row of another organization is not found. A user table needs none: its rows are one's own.
    """

    table: str
    id: str = "{id}"
    by: str = "created_by"
    unless: str = ""
    authorizes: ClassVar[bool] = True

    def ask(self) -> Ask:
        """The row's owner."""
        return Ask(table=self.table, row=self.id, owner=self.by)

    def decide(self, call: Call) -> Error | None:
        """Refuse somebody else's row; whether the row is there at all is told later."""
        if not call.facts.row_found or (self.unless and call.may(self.unless)):
            return None
        return None if call.facts.row_owner == str(call.facts.user_id) else Forbidden()

    def contract(self) -> Contract:
        """It may answer FORBIDDEN and NOT_FOUND; `unless` is a permission that roles are made of."""
        return Contract(errors=(Forbidden, NotFound), permissions=(self.unless,) if self.unless else ())
