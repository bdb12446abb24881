"""A form's body becomes one nested object, within bounds."""

import pytest

from portico.errors import Error, Invalid, NoFiles, TooManyFields
from portico.transports.fields import URLENCODED, grow, read_form

BOUNDARY = "----x"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def parts(*sent: tuple[str, str]) -> bytes:
    """A body of parts, each with what its Content-Disposition says and its content."""
    body = "".join(f"--{BOUNDARY}\r\nContent-Disposition: form-data; {said}\r\n\r\n{text}\r\n" for said, text in sent)
    return f"{body}--{BOUNDARY}--\r\n".encode()


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"", {}),
        (b"a=1&b=x+y%26z", {"a": "1", "b": "x y&z"}),
        (b"a=1&a=2&a=3", {"a": ["1", "2", "3"]}),
        (b"a=&=c", {"a": ""}),
        (b"a=one%0D%0Atwo", {"a": "one\ntwo"}),
        (b"na%20me=%C3%A4&b=\xff", {"na me": "ä", "b": "\ufffd"}),
        (b"user[name]=Ada&user%5Bmail%5D=a", {"user": {"name": "Ada", "mail": "a"}}),
        (b"tags[]=a", {"tags": ["a"]}),
        (b"tags[]=a&tags[]=b&tags=c", {"tags": ["a", "b", "c"]}),
        (b"items[0][title]=a&items[1][title]=b&items[0][n]=1", {"items": [{"title": "a", "n": "1"}, {"title": "b"}]}),
        (b"items[7][t]=late&items[2][t]=soon", {"items": [{"t": "soon"}, {"t": "late"}]}),
        (b"user[tags][]=a&user[tags][]=b", {"user": {"tags": ["a", "b"]}}),
        (b"a[b][c][d][e][f]=deep", {"a": {"b": {"c": {"d": {"e": {"f": "deep"}}}}}}),
    ],
)
def test_names_with_brackets_spell_an_object(body: bytes, fields: dict[str, object]) -> None:
    """Repeated names are lists; items stand in the order of their numbers; lines end in one way."""
    assert read_form(body, URLENCODED) == fields


@pytest.mark.parametrize(
    "name",
    ["a[", "a]", "[a]", "a[b", "a[][b]", "a[b]c", "a[b[c]]", "a[1][2][3][4][5][6]", "x" * 201],
)
def test_a_name_that_cannot_be_read_is_told(name: str) -> None:
    """Not guessed at: crooked brackets, too many of them, too long."""
    with pytest.raises(Invalid) as refused:
        grow([(name, "1")])

    assert refused.value.errors is not None
    assert [found[0].code for found in refused.value.errors.values()] == ["VAL_FIELD_NAME"]


@pytest.mark.parametrize("names", [("a", "a[b]"), ("a[b]", "a"), ("a[b]", "a[b][c]"), ("a[]", "a[b]")])
def test_a_name_is_a_text_or_an_object_not_both(names: tuple[str, str]) -> None:
    """Whichever comes first."""
    with pytest.raises(Invalid):
        grow([(name, "1") for name in names])


def test_a_form_has_at_most_a_thousand_fields() -> None:
    """One more is refused, not cut off."""
    assert len(grow([(f"a{n}", "1") for n in range(1000)])) == 1000
    with pytest.raises(TooManyFields):
        grow([(f"a{n}", "1") for n in range(1001)])


def test_a_form_in_parts_is_the_same_form() -> None:
    """`multipart/form-data`, with names in brackets; an input for a file that was left empty says nothing."""
    body = parts(('name="user[name]"', "Ä"), ('name="tags[]"', "a"), ('name="photo"; filename=""', ""))

    assert read_form(body, MULTIPART) == {"user": {"name": "Ä"}, "tags": ["a"]}


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (parts(('name="photo"; filename="a.png"', "x")), MULTIPART, NoFiles),
        (parts(('filename="a.png"', "x")), MULTIPART, Invalid),
        (b"name=1", "multipart/form-data", Invalid),
        (b"nothing of the kind", MULTIPART, Invalid),
    ],
)
def test_what_no_form_takes_is_told(body: bytes, content_type: str, error: type[Error]) -> None:
    """Files, and parts that cannot be read."""
    with pytest.raises(error):
        read_form(body, content_type)
