"""How callers prove who they are."""

from portico.core.plan import Plan
from portico.errors import KeyRefused
from portico.generate.openapi.schemas import Schema

SCHEMES: Schema = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-session",
        "description": "The cookie that signing in sets. A request that changes something must come from the "
        "application's own pages: browsers say so by Sec-Fetch-Site or Origin; older ones repeat the cookie "
        "`csrf-token` in the header `x-csrf-token`.",
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A session's token, or a JWT of an issuer that the application trusts.",
    },
    "apiKey": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "pk_…",
        "description": "An API key; its scopes say what it may.",
    },
}


def security_of(plan: Plan) -> list[Schema]:
    """One of these must be there; nothing, where anybody may call."""
    if plan.public:
        return []
    admitted = ["session", "bearer", *([] if KeyRefused in plan.errors else ["apiKey"])]
    return [{name: []} for name in admitted]
