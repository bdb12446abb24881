"""The shape of a refusal (RFC 9457), as it is sent and as the contract tells it."""

SHAPED = frozenset({"at", "retry_after", "message", "errors", "by_input", "violated", "declared", "allow"})
"""Data of errors that the shape holds already; whatever else an error has stands under `data`."""
QUOTA = "https://iana.org/assignments/http-problem-types#quota-exceeded"
"""The type of a refusal by a limit (draft-ietf-httpapi-ratelimit-headers)."""
