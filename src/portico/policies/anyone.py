"""Anyone: whoever the context lets in may call."""

from typing import ClassVar

from portico.core.policy import Policy


class Anyone(Policy):
    """Any signed-in user, or any member of the organization, may call; `why` says the reason."""

    why: str
    authorizes: ClassVar[bool] = True
