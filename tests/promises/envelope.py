"""The two envelopes and the lines of an export, and whoever is none of these."""

import json

from portico.testing import Reply

PROBLEM = {"type", "title", "status", "detail", "code", "errors", "retryable", "retry_after", "request_id"}
PAGES = {200, 303, 401, 403, 404, 409, 415, 422, 429}


def flaw(reply: Reply) -> str:
    """What is wrong with an answer; empty where it is one of the two envelopes, an export, or a page."""
    media_type = reply.headers.get("content-type", "")
    if len(reply.headers.get("x-request-id", "")) < 8:
        return "no request id"
    if media_type == "application/problem+json":
        return _problem(reply)
    if media_type == "application/json":
        members = set(reply.json)
        return "" if reply.status < 300 and members in ({"data"}, {"data", "meta"}) else f"success of {members}"
    if media_type == "application/x-ndjson":
        return "" if reply.status == 200 and all(map(_is_object, reply.content.splitlines())) else "no lines of objects"
    if media_type.startswith("text/html"):
        return "" if reply.status in PAGES else f"page of status {reply.status}"
    return f"media type {media_type!r}"


def _is_object(line: bytes) -> bool:
    return isinstance(json.loads(line), dict)


def _problem(reply: Reply) -> str:
    body = reply.json
    if set(body) - {"data"} != PROBLEM:  # some errors have data of their own
        return f"problem of {sorted(body)}"
    if (body["status"], body["request_id"]) != (reply.status, reply.headers["x-request-id"]):
        return "status or request id not the answer's own"
    findings = [finding for found in body["errors"].values() for finding in found]
    if not all(set(finding) == {"code", "message"} and finding["message"] for finding in findings):
        return "a finding without code and message"
    waits = reply.headers.get("retry-after")
    if (str(body["retry_after"]) if body["retry_after"] is not None else None) != waits:
        return f"retry_after {body['retry_after']} and Retry-After {waits}"
    if reply.status == 401 and "www-authenticate" not in reply.headers:
        return "401 without WWW-Authenticate"
    return "" if body["detail"] and body["title"] and body["code"] else "an empty word"
