"""Public: anybody may call."""

from typing import ClassVar

from portico.core.policy import Policy


class Public(Policy):
    """Anybody may call; `why` says the reason to whoever reads the list of actions."""

    why: str
    admits_nobody: ClassVar[bool] = True
