"""The way on: where a visitor wanted to go, kept through the page that asks who they are."""

import re
from urllib.parse import quote

from portico.errors import Error, SudoRequired, Unauthorized
from portico.transports.rest import Edge
from portico.transports.wire import Wire

# A browser reads `//host` and `/\\host` as another site, and leaves out tabs and line breaks before it looks.
LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]{0,2000}")


def local_path(text: object) -> str:
    """The text, where it is a path of our own; else empty."""
    return text if isinstance(text, str) and LOCAL.fullmatch(text) else ""


def next_of(wire: Wire) -> str:
    """Where the page's address says that one goes on to; empty where it says nothing, or names another site."""
    return local_path(wire.query().get("next")) if "next=" in wire.query_string else ""


def door_of(edge: Edge, error: Error) -> str:
    """The page that asks for what is missing: to sign in, or to confirm the password; empty where there is none."""
    if isinstance(error, Unauthorized):
        return edge.sign_in
    return edge.confirm if isinstance(error, SudoRequired) else ""


def with_next(door: str, page: str) -> str:
    """The door's address, from which one goes on to the page; empty where there is no door."""
    return f"{door}?next={quote(page, safe='/')}" if door else ""
