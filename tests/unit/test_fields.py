"""A form's body becomes one nested object, within bounds."""

import pytest

from portico.errors import Invalid, TooManyFields
from portico.transports.fields import URLENCODED, grow, read_form


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
