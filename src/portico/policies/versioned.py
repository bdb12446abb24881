"""Versioned: no stale write."""

from portico.core.call import Call
from portico.core.policy import Ask, Contract, Policy, Stage
from portico.errors import Error, FieldError, Invalid, NotFound, Stale


class Versioned(Policy):
    """Refuses a stale write: the input's version, or If-Match (RFC 9110, section 13.1.1), against the row's.

    `table` is a tenant or user table, `id` a template of the row's id; its column `version` counts up with every write.
    """

    table: str
    id: str = "{id}"
    column: str = "version"
    version: str = "version"
    """The input member; If-Match stands in where it is None or not sent."""

    @property
    def stage(self) -> Stage:
        """After a replay: a repeated request is not stale."""
        return Stage.STATE

    def ask(self) -> Ask:
        """The row's version."""
        return Ask(table=self.table, row=self.id, version=self.column)

    def decide(self, call: Call) -> Error | None:
        """Refuse another version than the row's."""
        seen = call.values.get(self.version)
        if seen is None:
            seen = call.request.headers.get("if-match", "").removeprefix("W/").strip('"')
        if seen == "":
            return Invalid(errors={self.version: [FieldError("VAL_REQUIRED_FIELD")]})
        return None if str(seen) == call.facts.row_version else Stale(at=self.version)

    def contract(self) -> Contract:
        """It may answer BIZ_STALE_VERSION and NOT_FOUND, and reads If-Match."""
        return Contract(errors=(Stale, NotFound), inputs=("If-Match",))
