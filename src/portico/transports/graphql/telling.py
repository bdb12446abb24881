"""Errors as GraphQL tells them: a sentence, where, and a code that programs read."""

import logging
import math
import re
from typing import Any

from graphql import GraphQLError

from portico.core.principal import Request
from portico.core.scrubbing import secrets_of
from portico.errors import Error
from portico.errors.catalogs import Catalogs
from portico.transports.problems import field_messages

CODES = {"UNAUTHORIZED": "UNAUTHENTICATED"}
"""Codes that go by another name in GraphQL."""
VARIABLE = re.compile(r"Variable '(?P<name>\$\w+)'.*?(?P<missing>to be provided\.)?$", re.DOTALL)
BAD_VARIABLES = "BAD_USER_INPUT"
log = logging.getLogger("portico")


def told(error: GraphQLError, request: Request, catalogs: Catalogs) -> dict[str, Any]:
    """One error of the answer; what nobody declared is one sentence here, and all of it in the log."""
    cause = error.original_error
    if error.path is None and not isinstance(cause, Error):
        return _of_request(error)
    if not isinstance(cause, Error):
        more = {"request_id": request.id, "secrets": secrets_of(request.headers, None)}
        log.error("GraphQL: %s", error.message, exc_info=cause or error, extra=more)
        cause = Error()
    found = {"message": catalogs.error(cause, request.locale), **_place(error)}
    return {**found, "extensions": extensions_of(cause, request, catalogs)}


def extensions_of(error: Error, request: Request, catalogs: Catalogs) -> dict[str, Any]:
    """What REST tells beside the sentence."""
    return {
        "code": CODES.get(error.code, error.code),
        "status": error.status,
        "errors": field_messages(error, request, catalogs),
        "retryable": error.retryable,
        "retry_after": None if error.retry_after is None else math.ceil(error.retry_after),
        "request_id": request.id,
    }


def _of_request(error: GraphQLError) -> dict[str, Any]:
    """What is wrong with a document or its variables; never the value that was sent."""
    message = error.message if error.extensions else VARIABLE.sub(_of_variable, error.message)
    return {"message": message, **_place(error), "extensions": error.extensions or {"code": BAD_VARIABLES}}


def _of_variable(said: re.Match[str]) -> str:
    return f"{said['name']} has no value." if said["missing"] else f"The value of {said['name']} is not of its type."


def _place(error: GraphQLError) -> dict[str, Any]:
    place: dict[str, Any] = {}
    if error.locations:
        place["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path is not None:
        place["path"] = error.path
    return place
