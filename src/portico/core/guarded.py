"""Contexts for functions whose answers are kept: what would not be kept with the answer is refused."""

from typing import NoReturn, cast

from portico.core.context import PublicContext, TenantContext, call_of
from portico.core.principal import Request
from portico.errors import Misconfigured

ONCE = (
    *("answer", "audit", "call_off", "emit", "enqueue", "found", "mail", "revalidate_tag", "track", "update_tag"),
    "variant",
)
"""What happens when the function runs, and would not when a kept answer is given out."""
PERSONAL = ("call", "credential", "may", "principal", "role", "session_id", "user")
"""What differs from one caller to the next."""
APART = ("device", "event_id")
"""What differs from one call of the same caller to the next."""
LOST = "whose answer is kept: the next caller would get it without; do that in the action that calls it"
UNHELD = "whose answer is kept, and whose key does not hold it; read it in the action that calls it"
TURNED = "whose answer is kept: a flag may be turned sooner than that is void; ask for it in the action that calls it"
MIXED = "whose answer is shared by all who may call; leave shared=True out, or ctx.{}"


def guarded(context: type[PublicContext], *, shared: bool) -> type[PublicContext]:
    """The context without what must not go into a kept answer; `shared`: without the caller either."""
    members: dict[str, object] = {name: _refusing(name, LOST) for name in ONCE}
    members |= {name: _refusing(name, UNHELD) for name in APART}
    members["flag"] = _refusing("flag", TURNED)
    members["request"] = property(_plain_request)
    if shared:
        personal = PERSONAL if issubclass(context, TenantContext) else (*PERSONAL, "org")
        members |= {name: _refusing(name, MIXED.format(name)) for name in personal if hasattr(context, name)}
    members["__slots__"] = ()
    return cast("type[PublicContext]", type(context.__name__, (context,), members))


def _refusing(name: str, why: str) -> property:
    def refuse(self: PublicContext) -> NoReturn:
        message = f"{call_of(self).action} uses ctx.{name} in a function {why}."
        raise Misconfigured(message)

    return property(refuse)


def _plain_request(self: PublicContext) -> Request:
    """The request without its headers and its address, which no key holds."""
    request = call_of(self).request
    return Request(id=request.id, locale=request.locale)
