"""Mails: what an action may send."""

from portico.core.policy import Contract, Policy


class Mails(Policy):
    """The mails that the action may send, by the names of their templates: `Mails("welcome")`.

    `ctx.mail("welcome", to=email, name=name)` notes one; it is sent once the call is committed, by a task of the
    process, so that no answer waits for the mail server. The start is refused where a template, or what sending
    needs, is missing.
    """

    templates: tuple[str, ...]

    def __init__(self, *templates: str) -> None:
        """Take the names of the templates."""
        object.__setattr__(self, "templates", templates)

    def contract(self) -> Contract:
        """The mails."""
        return Contract(mails=self.templates)
