"""A `multipart/form-data` body as names and texts (RFC 7578), each byte looked at once and nothing guessed."""

import re
from collections.abc import Iterator

from portico.errors import FieldError, Invalid, NoFiles, TooManyFields

MOST_PARTS = 1000
LONGEST_HEAD = 8 * 1024
"""Bytes of the headers of a part."""
LONGEST_BOUNDARY = 70
PARAMETER = re.compile(
    r"[ \t]*;[ \t]*"
    r"(?:([\w!#$%&'*+.^`|~-]+)="
    r'(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([\w!#$%&\'*+.^`|~/:=?@\[\]-]+)))?',
    re.ASCII,
)
"""`; name="value"`; without quotes also what should have them, as many write boundaries."""
QUOTED = re.compile(r"\\(.)")
PLAIN = frozenset({"7bit", "8bit", "binary"})


def read_parts(body: bytes, content_type: str) -> Iterator[tuple[str, str]]:
    """The fields of a form; an input for a file that was left empty says nothing.

    Raises Invalid on what is no such body; TooManyFields; NoFiles where a file comes along.
    """
    _, parameters = _value(content_type)
    for head, content in _pieces(body, parameters.get("boundary", "")):
        said = _said(head)
        if "filename" not in said and "filename*" not in said:
            yield said["name"], content.decode("utf-8", "replace")
        elif content or said.get("filename") != "":
            raise NoFiles


def _pieces(body: bytes, boundary: str) -> Iterator[tuple[str, bytes]]:
    """The head and the content of each part; the last delimiter must be there, so that no form is half of one."""
    if not (boundary.isascii() and 0 < len(boundary) <= LONGEST_BOUNDARY):
        raise _malformed()
    pieces = (b"\r\n" + body).split(f"\r\n--{boundary}".encode(), MOST_PARTS + 1)
    for count, piece in enumerate(pieces[1:]):
        padding, line_end, part = piece.partition(b"\r\n")
        if padding.rstrip(b" \t") == b"--":
            return
        head, gap, content = part.partition(b"\r\n\r\n")
        if padding.strip(b" \t") or not line_end or not gap or len(head) > LONGEST_HEAD:
            raise _malformed()
        if count == MOST_PARTS:
            raise TooManyFields
        yield head.decode("utf-8", "replace"), content
    raise _malformed()


def _said(head: str) -> dict[str, str]:
    """What the Content-Disposition of a part says."""
    headers: dict[str, str] = {}
    for line in head.split("\r\n"):
        name, colon, value = line.partition(":")
        if not colon or name.lower() in headers:
            raise _malformed()
        headers[name.lower()] = value
    kind, parameters = _value(headers.get("content-disposition", ""))
    _value(headers.get("content-type", "text/plain"))
    encoding = headers.get("content-transfer-encoding", "binary").strip().lower()
    if kind != "form-data" or "name" not in parameters or encoding not in PLAIN:
        raise _malformed()
    return parameters


def _value(written: str) -> tuple[str, dict[str, str]]:
    """A header's value and its parameters."""
    kind, separator, rest = written.strip(" \t").partition(";")
    rest, at = separator + rest, 0
    parameters: dict[str, str] = {}
    while at < len(rest):
        found = PARAMETER.match(rest, at)
        name = found[1].lower() if found and found[1] else ""
        if found is None or name in parameters:
            raise _malformed()
        at = found.end()
        if name:
            parameters[name] = found[3] or QUOTED.sub(r"\1", found[2])
    return kind.strip(" \t").lower(), parameters


def _malformed() -> Invalid:
    return Invalid(errors={"body": [FieldError("VAL_INVALID_FORMAT")]})
