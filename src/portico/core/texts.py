"""Texts that people write, made harmless where they come in."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, TypeAlias
from unicodedata import category

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from nh3 import Cleaner

ALLOWED = {"b", "i", "em", "strong", "a"}
SCHEMES = {"http", "https", "mailto"}
WITH_CONTENT = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title", "textarea"}
"""Elements whose content goes with them: it was never meant to be read."""
REL = "nofollow noopener noreferrer"
KEPT = "\n\t\u200c\u200d"
"""Control and format characters that stay: line breaks, tabs, and what joins letters and emoji."""
ROUNDS = 5
"""So often may markup hide as entities within entities; what still hides then is escaped."""
LONGEST = 50_000
"""Characters of a text with markup. To clean takes the longer for each sign, the more there are, and it is done before
anybody knows who has sent it."""
MOST_SIGNS = 1000
"""Signs `<` in a text."""
LINE_END = re.compile(r"\r\n?")
DROPPED = frozenset({"Cc", "Cf", "Cs"})


def plain_text(text: str) -> str:
    """The text alone: no markup, no control or direction characters, no blank ends; `<` and `&` stay as themselves.

    What hides as entities (`&lt;script&gt;`) is markup too. All line ends become one kind.

    Raises PydanticCustomError where there is more to clean than anybody writes: 50,000 characters, or 1,000 signs `<`.
    """
    from html import escape, unescape  # its table of entities loads when it is used

    text = printable(text)
    for _ in range(ROUNDS):
        if "<" not in text and "&" not in text:
            return text.strip()
        stripped = unescape(_cleaned(text, rich=False))
        if stripped == text:
            return text.strip()
        text = printable(stripped)
    return escape(text, quote=False).strip()


def rich_text(text: str) -> str:
    """HTML of `b`, `i`, `em`, `strong` and `a` with a web or mail address; other markup is taken out.

    Links are given `rel="nofollow noopener noreferrer"`. The result may stand in a page as it is. Raises
    PydanticCustomError where there is more to clean than anybody writes.
    """
    text = printable(text)
    if "<" in text or "&" in text or ">" in text:
        text = printable(_cleaned(text, rich=True))  # again: `&#3` has become the character by now
    return text.strip()


def printable(text: str) -> str:
    """Without control characters, marks that turn the direction of writing, and halves of characters."""
    if text.isprintable():
        return text
    return "".join(c for c in LINE_END.sub("\n", text) if c in KEPT or category(c) not in DROPPED)


def _cleaned(text: str, *, rich: bool) -> str:
    if len(text) > LONGEST:
        raise PydanticCustomError("VAL_TOO_LONG", "Please use at most {limit} characters.", {"limit": LONGEST})
    if text.count("<") > MOST_SIGNS:
        raise PydanticCustomError("VAL_TOO_MUCH_MARKUP", "Please use at most {limit} signs <.", {"limit": MOST_SIGNS})
    return _cleaner(rich=rich).clean(text)


@lru_cache(maxsize=2)
def _cleaner(*, rich: bool) -> "Cleaner":
    """An allow-list; the library loads when the first markup is met. Its own defaults would keep images."""
    from nh3 import Cleaner

    if not rich:
        return Cleaner(tags=set(), clean_content_tags=WITH_CONTENT)
    return Cleaner(
        tags=ALLOWED,
        attributes={"a": {"href"}},
        url_schemes=SCHEMES,
        clean_content_tags=WITH_CONTENT,
        link_rel=REL,
    )


PlainText: TypeAlias = Annotated[str, AfterValidator(plain_text)]
"""Text without any markup or control characters; a length is checked of what remains:
`Annotated[PlainText, Field(max_length=500)]`."""
RichText: TypeAlias = Annotated[str, AfterValidator(rich_text)]
"""HTML of `b`, `i`, `em`, `strong` and `a` alone, which may stand in a page as it is; a length is checked of what
remains."""
