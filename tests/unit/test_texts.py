"""Texts that people write, made harmless where they come in."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Annotated

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import PydanticCustomError

from portico import PlainText, RichText
from portico.core.field_errors import from_pydantic
from portico.core.texts import ALLOWED, plain_text, rich_text

PLAIN = (
    ("Hello", "Hello"),
    (" two\r\nlines\r ", "two\nlines"),
    ("<b>Bold</b> and <img src=x onerror=alert(1)>seen", "Bold and seen"),
    ("<script>alert(1)</script>Safe", "Safe"),
    ("&lt;script&gt;alert(1)&lt;/script&gt;Safe", "Safe"),
    ("&amp;lt;script&amp;gt;alert(1)", ""),
    ("1 < 2 & 3 > 2, I <3 you", "1 < 2 & 3 > 2, I <3 you"),
    ("Fish & Chips", "Fish & Chips"),
    ("nul\x00 bell\x07 escape\x1b[31m", "nul bell escape[31m"),
    ("turned \u202egnp.exe\u202c round \u2066x\u2069", "turned gnp.exe round x"),
    ("half \ud800 a character", "half  a character"),
    ("family \U0001f468\u200d\U0001f469\u200d\U0001f467", "family \U0001f468\u200d\U0001f469\u200d\U0001f467"),
)
LINK = '<a href="https://a.test/" rel="nofollow noopener noreferrer">link</a>'
RICH = (
    ("plain", "plain"),
    ("<b>b</b> <i>i</i> <em>em</em> <strong>s</strong>", "<b>b</b> <i>i</i> <em>em</em> <strong>s</strong>"),
    ('<a href="https://a.test/" onclick="x()" target="_blank">link</a>', LINK),
    ('<a href="javascript:alert(1)">link</a>', '<a rel="nofollow noopener noreferrer">link</a>'),
    ('<a href=" java\tscript:alert(1)">link</a>', '<a rel="nofollow noopener noreferrer">link</a>'),
    ('<a href="data:text/html,x">link</a>', '<a rel="nofollow noopener noreferrer">link</a>'),
    ("<img src=x onerror=alert(1)>kept <h1>words</h1>", "kept words"),
    ('<b style="position:fixed" class="x">b</b>', "<b>b</b>"),
    ("<svg><script>alert(1)</script></svg><style>b{}</style>x", "x"),
    ("<b>unclosed", "<b>unclosed</b>"),
    ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
)


class Written(BaseModel):
    """What somebody has written."""

    plain: Annotated[PlainText, Field(min_length=1, max_length=10)] = "x"
    rich: Annotated[RichText, Field(max_length=50)] | None = None


class Seen(HTMLParser):
    """The elements and attributes that a browser would see."""

    def __init__(self, text: str) -> None:
        """Read the text."""
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize(("written", "kept"), PLAIN)
def test_plain_text_is_the_words_alone(written: str, kept: str) -> None:
    """No markup, hidden or open; no character that only machines read; what is typed stays as it was typed."""
    assert plain_text(written) == kept


@pytest.mark.parametrize(("written", "kept"), RICH)
def test_rich_text_is_what_the_list_allows(written: str, kept: str) -> None:
    """Five elements, one attribute, safe addresses; links are no recommendation."""
    assert rich_text(written) == kept


@example("&#3")
@given(st.text(alphabet="<>&/\"'=;#ablxstcripon :!-3e0 \x00", max_size=60))
def test_whatever_is_written_comes_out_harmless(text: str) -> None:
    """And stays as it is when it is cleaned again."""
    rich, plain = rich_text(text), plain_text(text)

    seen = Seen(rich)
    assert seen.tags <= ALLOWED
    assert seen.attributes <= {"href", "rel"}
    assert rich_text(rich) == rich
    assert not Seen(plain).tags


def test_a_length_is_that_of_what_remains() -> None:
    """Markup does not count; nothing but markup is nothing."""
    assert Written(plain="<i>0123456789</i>").plain == "0123456789"
    for refused in ("<i></i>", "0123456789!"):
        with pytest.raises(ValueError, match="plain"):
            Written(plain=refused)


@pytest.mark.parametrize("clean", [plain_text, rich_text])
def test_more_markup_than_anybody_writes_is_refused_before_it_is_cleaned(clean: Callable[[str], str]) -> None:
    """The work of cleaning grows faster than the text, and nobody is known yet; without markup a text is only read."""
    for refused, code in (
        ("<div>" * 1001, "VAL_TOO_MUCH_MARKUP"),
        ("<b>" * 200_000, "VAL_TOO_LONG"),
        ("&" * 50_001, "VAL_TOO_LONG"),
    ):
        with pytest.raises(PydanticCustomError) as problem:
            clean(refused)
        assert problem.value.type == code

    assert clean("<b>" * 999 + "x</b>") in {"x", "<b>" * 999 + "x" + "</b>" * 999}
    assert clean("x" * 200_000) == "x" * 200_000


def test_markup_that_hides_as_entities_is_counted_when_it_comes_to_light() -> None:
    """As often as it is looked for."""
    with pytest.raises(PydanticCustomError, match="signs"):
        plain_text("&lt;div&gt;" * 1001)


def test_too_much_markup_is_told_by_its_member() -> None:
    """With a code and a sentence of its own, and nothing of what was written."""
    with pytest.raises(ValidationError) as problem:
        Written(plain="<div>" * 1001)

    [finding] = from_pydantic(problem.value)["plain"]
    assert (finding.code, finding.params) == ("VAL_TOO_MUCH_MARKUP", {"limit": 1000})


def test_the_schema_is_that_of_a_text() -> None:
    """Clients check the lengths; the cleaning is the server's."""
    schema = Written.model_json_schema()["properties"]

    assert schema["plain"] == {"default": "x", "maxLength": 10, "minLength": 1, "title": "Plain", "type": "string"}
    assert schema["rich"]["anyOf"][0] == {"maxLength": 50, "type": "string"}
