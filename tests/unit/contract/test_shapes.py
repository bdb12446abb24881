"""Whether a schema still takes what it took, and still tells what it told, whatever it is made of."""

from typing import Any

import pytest

from portico.generate.openapi.shapes import Documents, narrowed_answer, narrowed_input

TEXT: Any = {"type": "string"}
WHOLE: Any = {"type": "integer"}
NUMBER: Any = {"type": "number"}
NULL: Any = {"type": "null"}
CAT: Any = {"type": "object", "properties": {"kind": {"const": "cat"}, "lives": WHOLE}, "required": ["kind", "lives"]}
DOG: Any = {"type": "object", "properties": {"kind": {"const": "dog"}, "tricks": TEXT}, "required": ["kind"]}
TREE: Any = {"type": "object", "properties": {"name": TEXT, "left": {"$ref": "#/components/schemas/Tree"}}}


def documents(**schemas: Any) -> Documents:
    """Two documents with the same named schemas."""
    whole = {"components": {"schemas": schemas}}
    return Documents(whole, whole)


def taken(old: Any, new: Any) -> list[str]:
    """What an input takes no more."""
    return list(narrowed_input(old, new, "x", both=documents(Tree=TREE, Cat=CAT)))


def told(old: Any, new: Any) -> list[str]:
    """What an answer tells no more."""
    return list(narrowed_answer(old, new, "x", both=documents(Tree=TREE, Cat=CAT)))


def object_of(*required: str, **members: Any) -> Any:
    """An object's schema."""
    return {"type": "object", "properties": members, "required": list(required)}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (TEXT, TEXT, []),
        (TEXT, WHOLE, ["x may not be string any more."]),
        (NUMBER, WHOLE, ["x may not be number any more."]),
        (WHOLE, NUMBER, []),
        ({"type": ["string", "null"]}, TEXT, ["x may not be null any more."]),
        (TEXT, {"anyOf": [TEXT, NULL]}, []),
        ({"anyOf": [TEXT, NULL]}, TEXT, ["x may not be null any more."]),
        (
            {},
            TEXT,
            ["x may not be array or boolean or integer or null or number or object any more."],
        ),
        (TEXT, {}, []),
        ({"const": 1}, {"const": 1}, []),
        ({"const": 1}, {"const": 2}, ["x may not be 1 any more."]),
        ({"enum": ["a", "b"]}, {"enum": ["b", "c"]}, ["x may not be 'a' any more."]),
        ({"enum": ["a"]}, TEXT, []),
        (WHOLE, {**WHOLE, "minimum": 1}, ["x has the minimum 1 now."]),
        ({**WHOLE, "minimum": 2}, {**WHOLE, "minimum": 1}, []),
        ({**WHOLE, "maximum": 5}, {**WHOLE, "maximum": 4}, ["x has the maximum 4 now, which was 5."]),
        ({**TEXT, "pattern": "a"}, {**TEXT, "pattern": "a"}, []),
        ({**TEXT, "pattern": "a"}, TEXT, []),
        ({**TEXT, "format": "email"}, TEXT, []),
    ],
)
def test_an_input_takes_no_less(old: Any, new: Any, found: list[str]) -> None:
    """Kinds, choices and bounds may grow; each that shrinks is said."""
    assert taken(old, new) == found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (TEXT, TEXT, []),
        (TEXT, WHOLE, ["x may be integer now."]),
        (NUMBER, WHOLE, []),
        (WHOLE, NUMBER, ["x may be number now."]),
        (TEXT, {"anyOf": [TEXT, NULL]}, ["x may be null now."]),
        ({"anyOf": [TEXT, NULL]}, TEXT, []),
        ({}, TEXT, []),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}, ["x may be 'b' now."]),
        ({"enum": ["a", "b"]}, {"enum": ["a"]}, []),
        ({"const": "a"}, TEXT, ["x may be anything now, not only 'a'."]),
        (TEXT, {"enum": ["a"]}, []),
        ({**TEXT, "format": "uuid"}, TEXT, ["x is not written as uuid any more."]),
        (TEXT, {**TEXT, "format": "uuid"}, []),
        (WHOLE, {**WHOLE, "minimum": 1}, []),
    ],
)
def test_an_answer_tells_nothing_strange(old: Any, new: Any, found: list[str]) -> None:
    """Kinds, choices and bounds may shrink; each that grows is said."""
    assert told(old, new) == found


def test_members_are_found_however_deep() -> None:
    """Their path leads to them, through objects and lists."""
    old = object_of("a", a={"type": "array", "items": object_of("b", b=WHOLE)})
    new = object_of("a", a={"type": "array", "items": object_of("b", b={**WHOLE, "type": "string"})})

    assert taken(old, new) == ["x.a[].b may not be integer any more."]
    assert told(old, new) == ["x.a[].b may be string now."]


def test_a_member_may_come_but_not_go() -> None:
    """One that is demanded is a break of an input, one that is gone of an answer."""
    assert taken(object_of(), object_of(a=TEXT)) == []
    assert taken(object_of(), object_of("a", a=TEXT)) == ["x.a must be sent now."]
    assert taken(object_of(a=TEXT), object_of()) == ["x.a is not taken any more."]
    assert told(object_of(), object_of("a", a=TEXT)) == []
    assert told(object_of("a", a=TEXT), object_of(a=TEXT)) == ["x.a may be missing now."]
    assert told(object_of(a=TEXT), object_of()) == ["x.a is not told any more."]


def test_the_kinds_of_a_union_are_compared_with_their_like() -> None:
    """In whatever order they stand."""
    lazy = {**CAT, "properties": {"kind": {"const": "cat"}}, "required": ["kind"]}

    assert told({"anyOf": [CAT, DOG]}, {"oneOf": [DOG, CAT]}) == []
    assert told({"anyOf": [CAT, DOG]}, {"oneOf": [DOG, lazy]}) == ["x.lives is not told any more."]


def test_a_reference_is_what_it_leads_to() -> None:
    """Naming a schema, or writing it out, is no change."""
    assert taken({"$ref": "#/components/schemas/Cat"}, CAT) == []
    assert told(CAT, {"$ref": "#/components/schemas/Cat"}) == []


def test_what_holds_itself_comes_to_an_end() -> None:
    """A tree is compared to a depth that nobody nests by hand."""
    tree = {"$ref": "#/components/schemas/Tree"}

    assert taken(tree, tree) == []
    assert told(tree, tree) == []
