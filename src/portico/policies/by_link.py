"""ByLink: a mutation that a browser reaches by following a link."""

from typing import ClassVar

from portico.core.policy import Policy


class ByLink(Policy):
    """For a mutation at GET, which returns `Redirect`: another service sends the browser here, such as a provider.

    Any site can make a browser follow a link, and no origin is checked. `why` says what keeps that from doing harm,
    such as a token that is good once and bound to the browser by a cookie. A refusal leads to the application's sign-in
    page with `?error=CODE`, or to the path that a check noted as `call.found["retreat"]`. HEAD is not served.
    """

    why: str
    by_link: ClassVar[bool] = True
