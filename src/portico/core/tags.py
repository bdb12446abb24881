"""Tags of what a call has made stale, as its answer names them."""

from collections.abc import Iterable
from urllib.parse import quote

PLAIN = ":/@!$&'()*+;=-._~"
"""What stands in the header as it is; anything else is percent-encoded, a comma above all."""


def spelled(tags: Iterable[str]) -> str:
    """The value of the Invalidates header, each tag once."""
    return ", ".join(quote(tag, safe=PLAIN) for tag in dict.fromkeys(tags))
