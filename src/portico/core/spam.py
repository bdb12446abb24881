"""What looks like advertising is refused; the rules are an application's to replace."""

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias
from unicodedata import category, normalize

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_after_validator_function

from portico.core.value import Value

SpamRule: TypeAlias = Callable[[str], bool]
"""Whether a text is refused; the text comes in lower case, its look-alike letters and digits made plain."""
LATIN = str.maketrans("асеіјорѕухһԁԛԝαεικορυνв", "aceijopsyxhdqwaeikopuvb")
"""Letters of the Cyrillic and the Greek alphabet that look like Latin ones."""
LINK = r"https?://|\bwww\.|\b[a-z0-9-]+\.(?:com|net|org|info|biz|shop|xyz|top|io|ru|cn)\b"


def _found(pattern: str) -> SpamRule:
    return lambda text: re.search(pattern, text) is not None


def spam_words(*refused: str) -> SpamRule:
    """A rule that refuses whole words and phrases; blanks within a phrase may be any."""
    phrases = (r"\s+".join(map(re.escape, phrase.lower().split())) for phrase in refused)
    return _found(rf"\b(?:{'|'.join(phrases)})\b")


def spam_links() -> SpamRule:
    """A rule that refuses addresses of web sites."""
    return _found(LINK)


def spam_digits(most: int) -> SpamRule:
    """A rule that refuses more than so many digits in a row, such as a phone number."""
    return _found(rf"\d{{{most + 1},}}")


SPAM_RULES: Sequence[SpamRule] = (
    spam_words("buy", "cheap", "discount", "click here", "visit"),
    spam_links(),
    spam_digits(9),
)
"""The rules that hold where no others are given."""


class NotSpam(Value):
    """In Annotated: refuses a text that one of the rules finds, as VAL_SPAM: `Annotated[PlainText, NotSpam()]`.

    An application's own rules stand instead of the default ones: `NotSpam([*SPAM_RULES, spam_words("casino")])`.
    """

    rules: Sequence[SpamRule] = SPAM_RULES

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Pydantic's way to ask."""
        return no_info_after_validator_function(self.check, handler(source))

    def check(self, text: str) -> str:
        """The text; raises PydanticCustomError where it is refused."""
        seen = "".join(c for c in normalize("NFKC", text) if category(c) != "Cf")  # what joins letters is not seen
        plain = seen.lower().translate(LATIN)
        if any(rule(plain) for rule in self.rules):
            message = "This looks like advertising. Please write it without links, phone numbers and sales words."
            raise PydanticCustomError("VAL_SPAM", message)
        return text
