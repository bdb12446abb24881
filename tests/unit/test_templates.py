"""Templates over input and result."""

from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico import Misconfigured
from portico.core.template import Template

RESULT = SimpleNamespace(id=7, owner=SimpleNamespace(name="Ann"), gone=None)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("/things/{id}", "/things/5"),
        ("/things/{result.id}", "/things/7"),
        ("{result.owner.name}/{id}-{id}", "Ann/5-5"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_places_are_filled_from_input_and_result(text: str, filled: str) -> None:
    """`{id}` is the input's, `{result.id}` the result's."""
    assert Template(text).fill({"id": 5}, RESULT) == filled


@pytest.mark.parametrize("text", ["{missing}", "{result.missing}", "{result.gone}", "{result.id.deeper}", "{none}"])
def test_a_place_with_nothing_to_say_leaves_nothing(text: str) -> None:
    """Half a path or tag would be a wrong one."""
    assert Template(f"/x/{text}").fill({"none": None}, RESULT) is None


@given(st.uuids())
def test_an_id_is_spelled_as_everywhere(id: UUID) -> None:
    """In small letters, with hyphens."""
    assert Template("row:{id}").fill({"id": id}) == f"row:{id}"


def test_zero_and_empty_are_something() -> None:
    """Only None says nothing."""
    assert Template("{n}:{text}").fill({"n": 0, "text": ""}) == "0:"


def test_a_value_s_own_braces_are_left_alone() -> None:
    """What a caller sends is never taken for a template."""
    assert Template("{a}").fill({"a": "{b}", "b": "secret"}) == "{b}"


@pytest.mark.parametrize("text", ["{}", "{0}", "{a b}", "{a.}", "{a[0]}", "{a!r}", "{__class__.x-y}"])
def test_a_place_that_names_no_member_is_refused(text: str) -> None:
    """When the policy is written, with what to write."""
    with pytest.raises(Misconfigured, match=r"write \{id\} or \{result\.id\}"):
        Template(text)


def test_a_template_tells_which_members_it_needs() -> None:
    """So that a misspelled one is found at start-up."""
    assert Template("{a}/{b.c}/{result.id}").members() == {"a", "b"}
