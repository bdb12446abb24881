"""Signatures that cannot be served are refused when the application is built."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel, NaiveDatetime

from portico import Misconfigured, OrgContext, PublicContext, UserContext
from portico.core.inputs import Binder
from portico.core.signature import read_signature


class Visit(BaseModel):
    """Some input."""

    notes: str


@dataclass
class Span:
    """From when to when."""

    starts: AwareDatetime
    ends: datetime


class Plan(BaseModel):
    """Times of each kind."""

    wall: NaiveDatetime
    moments: list[AwareDatetime]
    either: AwareDatetime | NaiveDatetime | None
    spans: dict[str, list[Span]] = {}


def test_a_signature_says_context_members_and_result() -> None:
    """Where each member comes from follows from method and path."""

    async def move(_ctx: OrgContext, *, id: UUID, data: Visit) -> Visit:
        return data.model_copy(update={"notes": str(id)})

    posted, got = read_signature(move, "POST", {"id"}), read_signature(move, "GET", set())

    assert (posted.context, posted.returns) == (OrgContext, Visit)
    assert [(m.name, m.source) for m in posted.binder.members] == [("id", "path"), ("notes", "body")]
    assert {m.source for m in got.binder.members} == {"query"}


def test_a_context_of_one_s_own_is_a_context() -> None:
    """A subclass promises at least as much."""

    class MyContext(UserContext):
        """With something more."""

    async def mine(ctx: MyContext) -> None: ...

    assert read_signature(mine, "GET", set()).context is MyContext


async def _only_model(ctx: PublicContext, data: Visit) -> None: ...
async def _no_context(data: Visit) -> None: ...
async def _nothing() -> None: ...
async def _no_return(ctx: PublicContext): ...  # type: ignore[no-untyped-def]  # noqa: ANN202  # the mistake under test
async def _untyped(ctx: PublicContext, id) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001  # as above
async def _starred(ctx: PublicContext, *ids: UUID) -> None: ...
async def _keywords(ctx: PublicContext, **more: str) -> None: ...
async def _twice(ctx: PublicContext, data: Visit, notes: str) -> None: ...
async def _not_a_type(ctx: PublicContext, y: Binder) -> None: ...
async def _undecided(ctx: PublicContext, when: datetime) -> None: ...
async def _undecided_within(ctx: PublicContext, plan: Plan) -> None: ...
async def _unknown(ctx: PublicContext, when: "Nowhere") -> None: ...  # type: ignore[name-defined]  # noqa: F821  # as above


@pytest.mark.parametrize(
    ("handler", "said"),
    [
        (_no_context, r"its first parameter is the context; write ctx: OrgContext"),
        (_nothing, r"its first parameter is the context"),
        (_no_return, r"it does not say what it returns; write -> Thing"),
        (_untyped, r"its parameter id has no type; annotate it, as in id: str"),
        (_starred, r"its parameter \*ids: uuid\.UUID takes anything; name each input, or take a model"),
        (_keywords, r"its parameter \*\*more: str takes anything"),
        (_twice, r"the member notes is given twice, by data and notes; rename one"),
        (_not_a_type, r"its parameter y is a .*Binder.*, which no input can become; use a Pydantic type"),
        (
            _undecided,
            r"its input when is a datetime, with or without an offset; write AwareDatetime for a moment, or N",
        ),
        (_undecided_within, r"its input ends is a datetime, with or without an offset"),
        (_unknown, r"name Nowhere, which is not there at run time; move it out of `if TYPE_CHECKING:`"),
    ],
)
def test_a_signature_that_cannot_be_served_says_how_to_mend_it(handler: Callable[..., object], said: str) -> None:
    """At start-up, not at the first call."""
    with pytest.raises(Misconfigured, match=said):
        read_signature(handler, "POST", set())


def test_a_path_member_that_nobody_takes_is_refused() -> None:
    """The address promises what the action does not read."""
    with pytest.raises(Misconfigured, match=r"its path names \{slug\}, which no parameter takes; write slug: UUID"):
        read_signature(_only_model, "POST", {"slug"})
