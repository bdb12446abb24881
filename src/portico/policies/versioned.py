"""Versioned: no stale write."""

from portico.core.call import Call
from portico.core.etags import is_named
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
    """The input member; If-Match stands in where it is None or not sent: one version, several of them, or `*`."""

    @property
    def stage(self) -> Stage:
        """After a replay: a repeated request is not stale."""
        return Stage.STATE

    def ask(self) -> Ask:
        """The row's version."""
        return Ask(table=self.table, row=self.id, version=self.column)

    def decide(self, call: Call) -> Error | None:
        """Refuse another version than the row's."""
        seen, held = call.values.get(self.version), call.facts.row_version
        if seen is not None:
            return None if str(seen) == held else Stale(at=self.version)
        condition = call.request.headers.get("if-match")
        if not condition:
            return Invalid(errors={self.version: [FieldError("VAL_REQUIRED_FIELD")]})
        return None if condition == held or is_named(str(held), condition) else Stale(at=self.version)

    def contract(self) -> Contract:
        """It may answer BIZ_STALE_VERSION and NOT_FOUND, and reads If-Match."""
        return Contract(errors=(Stale, NotFound), inputs=("If-Match",))
