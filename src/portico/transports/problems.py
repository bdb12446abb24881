"""Errors as problem details (RFC 9457)."""

import math

from pydantic_core import to_json

from portico.core.principal import Request
from portico.errors import Error, FieldError, Invalid, RateLimited
from portico.errors.catalogs import Catalogs
from portico.errors.shape import QUOTA, SHAPED

TYPE = "application/problem+json"
TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    410: "Gone",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    426: "Upgrade Required",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


def field_messages(error: Error, request: Request, catalogs: Catalogs) -> dict[str, list[dict[str, str]]]:
    """Findings by dotted path, in the caller's language."""
    findings = error.errors if isinstance(error, Invalid) else None
    if findings is None:
        if error.at is None:
            return {}
        code = "VAL_INVALID_VALUE" if type(error) is Invalid else error.code
        findings = {error.at: [FieldError(code, message=catalogs.error(error, request.locale))]}
    return {
        path: [{"code": f.code, "message": catalogs.finding(f, request.locale)} for f in found]
        for path, found in findings.items()
    }


def problem(error: Error, request: Request, catalogs: Catalogs) -> bytes:
    """The body of a refusal; one shape for all of them."""
    body: dict[str, object] = {
        "type": QUOTA if isinstance(error, RateLimited) else f"urn:portico:error:{error.code}",
        "title": TITLES.get(error.status, "Error"),
        "status": error.status,
        "detail": catalogs.error(error, request.locale),
        "code": error.code,
        "errors": field_messages(error, request, catalogs),
        "retryable": error.retryable,
        "retry_after": None if error.retry_after is None else math.ceil(error.retry_after),
        "request_id": request.id,
    }
    if isinstance(error, RateLimited) and error.violated:
        body["violated-policies"] = error.violated
    if extra := {name: value for name, value in error.data().items() if name not in SHAPED}:
        body["data"] = extra
    return to_json(body, fallback=str)
