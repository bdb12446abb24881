"""What looks like advertising is refused."""

from typing import Annotated

import pytest
from pydantic import BaseModel, ValidationError

from portico import SPAM_RULES, NotSpam, PlainText, spam_digits, spam_links, spam_words
from portico.core.field_errors import from_pydantic


class Review(BaseModel):
    """What somebody thinks."""

    text: Annotated[PlainText, NotSpam()]


class Own(BaseModel):
    """A review under rules of one's own."""

    text: Annotated[str, NotSpam([*SPAM_RULES, spam_words("lucky strike")])] = ""
    free: Annotated[str, NotSpam([spam_digits(3), spam_links()])] = ""


@pytest.mark.parametrize(
    "text",
    [
        "Buy now",
        "so CHEAP!",
        "a discount",
        "click  here",
        "visit us",
        "https://a.test",
        "see www.a.test",
        "go to pills.shop",
        "call 0123456789",
        "\uff42\uff55\uff59 now",
        "call \uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",
        "b<i></i>uy",
        "\u0441h\u0435\u0430\u0440",
        "\u03bd\u03b9sit us",
        "ch\u200deap",
    ],
)
def test_advertising_is_refused(text: str) -> None:
    """Whatever its letters look like; the finding has a code and a sentence of its own."""
    with pytest.raises(ValidationError) as problem:
        Review(text=text)

    finding = from_pydantic(problem.value)["text"][0]
    assert finding.code == "VAL_SPAM"
    assert text not in str(finding.default)


@pytest.mark.parametrize("text", ["The buyer was kind", "cheaper? 123456789", "revisited", "e.g. at 10.30, no.3"])
def test_other_words_pass(text: str) -> None:
    """A rule is about whole words and long numbers."""
    assert Review(text=text).text == text


def test_rules_are_an_applications_own() -> None:
    """Added to the default ones, or instead of them."""
    assert Own(free="buy cheap 123").free == "buy cheap 123"
    for refused in ({"text": "Lucky \n strike"}, {"text": "buy"}, {"free": "1234"}, {"free": "http://a"}):
        with pytest.raises(ValidationError):
            Own(**refused)
