"""Form: the action is an HTML form too."""

from typing import TYPE_CHECKING, Any

from portico.core.policy import Policy

if TYPE_CHECKING:
    from portico.core.action import Action
    from portico.core.answer import Html


class Form(Policy):
    """Also an HTML form, posted to the action's path without its prefix.

    `page` is the query that is shown again, with errors and the values kept; `then` is where a success goes (303), or
    several ways, of which the first counts whose places the result fills; `{next}` is where the visitor wanted to go.
    """

    page: "Action[Any, ..., Html]"
    then: str | tuple[str, ...]
