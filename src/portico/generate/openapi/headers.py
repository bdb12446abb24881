"""Headers that callers meet: of requests and of answers."""

from portico.core.version import Version
from portico.generate.openapi.schemas import Schema

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
KNOWN: dict[str, tuple[Schema, str]] = {
    "Content-Language": (TEXT, "The language of the messages, chosen by Accept-Language."),
    "Deprecation": (
        {"type": "string", "pattern": "^@\\d+$"},
        "Since when this version of the action is deprecated (RFC 9745).",
    ),
    "ETag": (TEXT, "The version of what is answered; If-Match takes it (RFC 9110, section 8.8.3)."),
    "Idempotent-Replayed": (
        {"type": "string", "const": "true"},
        "There where the answer is the stored one of an earlier request with the same key.",
    ),
    "Invalidates": (TEXT, "The tags of what the change made stale, percent-encoded, separated by commas."),
    "Link": (TEXT, "Where the successor of a deprecated version is, and what changed (RFC 8288)."),
    "Location": (
        {"type": "string", "format": "uri-reference"},
        "Where the result is found (RFC 9110, section 10.2.2).",
    ),
    "RateLimit": (
        TEXT,
        "What is left of each limit, and when it is whole again (draft-ietf-httpapi-ratelimit-headers).",
    ),
    "RateLimit-Policy": (TEXT, "The limits that were counted: `q` attempts in any window of `w` seconds."),
    "Retry-After": (COUNT, "Seconds until another try makes sense (RFC 9110, section 10.2.3)."),
    "Sunset": (TEXT, "When this version ends, as an HTTP-date (RFC 8594)."),
    "WWW-Authenticate": (TEXT, "How to sign in (RFC 9110, section 11.6.1)."),
    "X-API-Deprecation-Date": ({"type": "string", "format": "date"}, "Since when this version is deprecated."),
    "X-API-Deprecation-Warning": (TEXT, "What is deprecated, and what to use instead, for people."),
    "X-RateLimit-Limit": (COUNT, "Attempts of the tightest limit."),
    "X-RateLimit-Remaining": (COUNT, "Attempts left of the tightest limit."),
    "X-RateLimit-Reset": (COUNT, "Seconds until the tightest limit is whole again."),
    "X-Request-Id": (TEXT, "Names this request in the log; a caller's own is kept."),
}
REQUESTED: dict[str, tuple[Schema, str]] = {
    "Idempotency-Key": (
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        "Names this request: sent again within 24 hours, it is answered as the first time and not done twice.",
    ),
    "If-Match": (TEXT, "The version that was read, as an ETag or bare: nothing is changed where there is a newer one."),
    "Stripe-Signature": (TEXT, "`t=` when it was signed, `v1=` the HMAC-SHA256 of that time, a dot, and the body."),
    "Webhook-Id": (TEXT, "The event's id, the same whenever it is sent again (Standard Webhooks)."),
    "Webhook-Signature": (TEXT, "`v1,` and the HMAC-SHA256 of id, timestamp and body, in Base64 (Standard Webhooks)."),
    "Webhook-Timestamp": (TEXT, "When it was signed, in seconds since 1970 (Standard Webhooks)."),
    "X-Supabase-Signature": (TEXT, "The HMAC-SHA256 of the body, in hexadecimal."),
    "X-Webhook-Signature": (TEXT, "The HMAC-SHA256 of the body, in hexadecimal."),
    "X-Org-Id": (
        {"type": "string", "format": "uuid"},
        "The organization to work in; without it, the one that the session or the key is in.",
    ),
}


def told_of_age(version: Version | None) -> tuple[str, ...]:
    """The headers that every answer in a deprecated version has."""
    if version is None or version.deprecated is None:
        return ()
    ends = ("Sunset",) if version.sunset else ()
    return ("Deprecation", *ends, "Link", "X-API-Deprecation-Date", "X-API-Deprecation-Warning")


def header_of(name: str) -> Schema:
    """A header of an answer."""
    schema, said = KNOWN.get(name, (TEXT, ""))
    return {"schema": schema, **({"description": said} if said else {})}


def header_parameter(name: str, *, required: bool) -> Schema:
    """A header of a request, as a parameter."""
    schema, said = REQUESTED.get(name, (TEXT, ""))
    about = {"description": said} if said else {}
    return {"name": name, "in": "header", "required": required, **about, "schema": schema}
