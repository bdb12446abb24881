"""Retry: the handler of an External action is tried again."""

from portico.core.aside import Aside, Worth
from portico.core.outages import is_worth_retrying
from portico.core.outbound import Tries
from portico.core.policy import Policy


class Retry(Policy):
    """Runs the handler of an `External` action again where its service fails: with the same `ctx.external_key`.

    Each try has the whole timeout. Worth a retry are network errors, timeouts, answers of 500 and above, and 429, whose
    Retry-After is kept; not once the handler has written something, and a share of all calls at most. `tries` stands
    instead of the settings.
    """

    tries: Tries | None = None
    worth: Worth = is_worth_retrying

    @property
    def aside(self) -> Aside:
        """How often, and after what."""
        return Aside(retried=True, tries=self.tries, worth=self.worth)
