"""How actions are made as older versions have them."""

import inspect
from datetime import date
from typing import Annotated, Any, get_type_hints

import pytest
from pydantic import BaseModel, Field

from portico import Change, Module, Public, PublicContext, Slice, Version
from portico.core.older import Step, older_actions, reshaped

pytestmark = pytest.mark.anyio
DAY = date(2026, 11, 20)


class Old(BaseModel):
    """As it was."""

    a: int


class New(BaseModel):
    """As it is."""

    a: int
    b: int = 0


class Newer(New):
    """As it is, and knows more."""

    c: int = 7


class Untouched(BaseModel):
    """As ever."""

    d: int


def older(new: New) -> Old:
    """Without b."""
    return Old(a=new.a)


def newer(old: Old) -> Newer:
    """With more than callers can say."""
    return Newer(a=old.a)


STEP = Step(New, Old, older)
V1 = Version("v1", DAY)
V2 = Version("v2", DAY, (Change(DAY, "Something.", (older,), (newer,)),))


def turned(hint: Any, value: Any) -> tuple[Any, Any]:
    """The type in the older version, and the value in it."""
    found = reshaped(hint, [STEP], set())
    assert found is not None
    return found.target, found.run(value)


@pytest.mark.parametrize(
    ("hint", "value", "kind", "expected"),
    [
        (New, New(a=1), Old, Old(a=1)),
        (Annotated[New, Field(description="one")], New(a=1), Old, Old(a=1)),
        (list[New], [New(a=1), New(a=2)], list[Old], [Old(a=1), Old(a=2)]),
        (list[list[New]], [[New(a=1)]], list[list[Old]], [[Old(a=1)]]),
        (New | None, New(a=1), Old | None, Old(a=1)),
        (New | None, None, Old | None, None),
        (list[New] | None, [New(a=1)], list[Old] | None, [Old(a=1)]),
        (Slice[New], Slice([New(a=1)], limit=1), Slice[Old], Slice([Old(a=1)], limit=1)),
    ],
)
def test_a_result_is_turned_wherever_it_stands(hint: Any, value: Any, *, kind: Any, expected: Any) -> None:
    """Alone, in lists, in pages, or not at all."""
    assert turned(hint, value) == (kind, expected)


@pytest.mark.parametrize(
    "hint", [Untouched, list[Untouched], Untouched | None, int, None, dict[str, New], New | Untouched]
)
def test_what_did_not_change_is_left_alone(hint: Any) -> None:
    """So is what no pure function from one shape to another could turn."""
    assert reshaped(hint, [STEP], set()) is None


def things() -> Module:
    """A module with one action that changed, and one that did not."""
    module = Module("things", versions=(V1, V2))

    @module.query("GET /things/{id}", Public("why"))
    async def get(_ctx: PublicContext, id: int, *, wish: str = "") -> New:
        """Get a thing.

        It is told whole.
        """
        return New(a=id, b=len(wish))

    @module.query("GET /count", Public("why"))
    async def count(_ctx: PublicContext, times: int = 2) -> int:
        """Count things."""
        return times

    @module.mutation("PUT /things/{id}", Public("why"))
    async def put(_ctx: PublicContext, id: int, data: New, other: Untouched) -> list[New]:
        """Put a thing."""
        extra = data.c if isinstance(data, Newer) else 0
        return [New(a=id, b=other.d + extra)]

    return module


def in_v1(name: str) -> Any:
    """The action as the first version has it."""
    return {action.origin: action for action in older_actions(things())}[f"things.{name}"]


def test_it_has_a_name_and_a_place_of_its_own() -> None:
    """Its origin is what it is in the newest version."""
    get = in_v1("get")

    assert (get.name, get.origin) == ("things.get@v1", "things.get")
    assert (get.place.prefix, get.place.path, get.place.version) == ("/api/v1", "/things/{id}", V1)
    assert get.purpose == "Get a thing."


def test_its_signature_has_the_older_shapes() -> None:
    """That is all that the rest of the framework reads."""
    put = in_v1("put")
    hints = get_type_hints(put.handler)

    assert (hints["data"], hints["other"], hints["return"]) == (Old, Untouched, list[Old])
    assert list(inspect.signature(put.handler).parameters) == ["_ctx", "id", "data", "other"]
    assert inspect.signature(in_v1("get").handler).parameters["wish"].default == ""


async def test_its_function_is_the_same() -> None:
    """Between what an older caller says and what it is told."""
    assert await in_v1("get").handler(None, id=5, wish="abc") == Old(a=5)
    assert await in_v1("count").handler(None, times=3) == 3


async def test_a_subclass_may_know_what_the_newer_shape_cannot_say() -> None:
    """The function takes it for what it is."""
    assert await in_v1("put").handler(None, id=5, data=Old(a=1), other=Untouched(d=1)) == [Old(a=5)]


def test_policies_stay_as_they_were_written() -> None:
    """An older version is no way around them."""
    module = things()
    now = {action.name: action for action in module.actions}

    assert all(action.policies == now[action.origin].policies for action in older_actions(module))
    assert all(action.kind == now[action.origin].kind for action in older_actions(module))
