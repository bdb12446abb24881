"""What kind of trouble an error is, and how bad it is: for logs, error reports and metrics."""

from typing import Literal, TypeAlias

from portico.errors import Error

Category: TypeAlias = Literal[
    "audit",
    "auth",
    "business",
    "conflict",
    "database",
    "external",
    "internal",
    "limit",
    "missing",
    "slow",
    "timeout",
    "validation",
]
"""`audit` is a lost audit row and `database` a failure of the server: both are said where they are noticed."""
Severity: TypeAlias = Literal["info", "warning", "error"]
BY_STATUS: dict[int, Category] = {
    400: "validation",
    401: "auth",
    402: "business",
    403: "auth",
    404: "missing",
    405: "missing",
    409: "conflict",
    413: "validation",
    415: "validation",
    422: "validation",
    429: "limit",
    503: "external",
    504: "timeout",
}
KNOCKING = frozenset({401, 403, 429})
"""Refusals that tell of somebody who tries what is not theirs, or too often."""
FAULT = 500


def category_of(error: Error | type[Error]) -> Category:
    """Of which kind a refusal is."""
    if error.code.startswith("BIZ_") and error.status < FAULT:
        return "business"
    return BY_STATUS.get(error.status, "internal" if error.status >= FAULT else "business")


def severity_of(status: int) -> Severity:
    """How bad an answer is for those who run the application: its own failures, then refusals worth a look."""
    if status >= FAULT:
        return "error"
    return "warning" if status in KNOCKING else "info"
