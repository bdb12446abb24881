"""What actions look like in TypeScript."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, Field

from portico import (
    App,
    Cached,
    Created,
    Error,
    Html,
    Idempotent,
    Invalidates,
    Keyset,
    Misconfigured,
    Module,
    Public,
    PublicContext,
    Raises,
    RateLimit,
    Slice,
)
from portico.core.plan import Plan
from portico.generate.typescript import digest_of, package
from portico.generate.typescript.types import type_of

module = Module("shelves", Public("everybody may look"), RateLimit("5/m", by="ip"))
LINE = 120


class Full(Error, code="TEST_SHELF_FULL", status=409):
    """The shelf is full."""

    most: int
    sort: Literal["books", "jars"]


class Record(BaseModel):
    """What stands on a shelf. */ Not the end."""

    id: UUID
    sort: Literal["books", "jars"]
    bought: date | None = None
    sizes: dict[str, list[int]] = {}
    seen: Annotated[datetime, Field(description="When it was last seen.")]


class Wanted(BaseModel):
    """Which are wanted."""

    sort: Literal["books", "jars"] | None = None


@module.mutation(
    "POST /shelves", RateLimit("9/m", by="ip"), Idempotent(), Invalidates("shelves"), Created("/"), Raises(Full)
)
async def add(_ctx: PublicContext, data: Wanted) -> Record:
    """Put something up."""
    raise Full(most=3, sort=data.sort or "jars")


@module.query("GET /shelves", Cached(tags=("shelf:{sort}",)))
async def find(_ctx: PublicContext, wanted: Wanted, page: Keyset) -> Slice[Record]:
    """List what there is."""
    raise NotImplementedError


@module.mutation("DELETE /shelves/{id}", RateLimit("9/m", by="ip"))
async def remove(_ctx: PublicContext, id: UUID) -> None:
    """Take it away."""


@module.query("GET /shelves/page")
async def show(_ctx: PublicContext) -> Html:
    """Show it to people."""
    raise NotImplementedError


app = App("shelves", modules=[module])
files = package("shelves", app.plans.values())


def test_models_are_flat_named_types_of_texts_and_numbers() -> None:
    """Dates and UUIDs are texts; a name that TypeScript has already gets a word more; no comment ends early."""
    said = files["src/types.ts"]

    assert "/** What stands on a shelf. * / Not the end. */\nexport interface RecordModel {" in said
    assert '  sort: "books" | "jars";' in said
    assert "  /** A day, YYYY-MM-DD. */\n  bought?: string | null;" in said
    assert "  sizes?: Record<string, number[]>;" in said
    assert "  /** When it was last seen. */\n  seen: string;" in said


def test_an_action_is_a_value_with_its_facts() -> None:
    """Where its members go, whether it takes a key, how its list goes on, what its answers are known by."""
    said = files["src/actions.ts"]

    assert "export const shelvesFind: Operation<ShelvesFindInput, ShelvesFindResult, ShelvesFindRefusal> = {" in said
    assert '  query: { sort: "sort", limit: "limit", after: "after" },' in said
    assert '  paging: "cursor",\n  tags: ["shelves", "shelf:{sort}"],' in said
    assert "export type ShelvesFindResult = Page<RecordModel, CursorMeta>;" in said
    assert "export type ShelvesRemoveResult = Done;" in said
    assert re.search(r'name: "shelves.add".*?keyed: true', said, re.DOTALL)
    assert "Html" not in said


def test_refusals_are_a_union_by_code_with_their_data() -> None:
    """What the action raises, what its policies refuse, what the framework adds."""
    (union,) = re.findall(
        r"ShelvesAddRefusal =\n(.*?);\n\n|ShelvesAddRefusal =\n(.*?);\n/\*\*", files["src/actions.ts"], re.DOTALL
    )

    said = "".join(union)

    assert '| Refusal<"TEST_SHELF_FULL", { most: number; sort: "books" | "jars" }>' in said
    assert '| Refusal<"RATE_LIMIT_EXCEEDED", undefined>' in said
    assert '| Refusal<"IDEMPOTENCY_KEY_REUSED", undefined>' in said


def test_every_action_has_its_hooks() -> None:
    """A query, a list page after page, a mutation."""
    said = files["src/hooks.ts"]

    assert "export function useShelvesFind(input: actions.ShelvesFindInput, options?: QueryHookOptions) {" in said
    assert "export function useShelvesFindEndless(input: actions.ShelvesFindInput) {" in said
    assert "export function useShelvesAdd(...changes: Changes<actions.ShelvesAddInput>) {" in said


def test_the_same_actions_are_drawn_alike() -> None:
    """Byte for byte, in whatever order they are given; nowhere is `any`, and no line of a shipped file is too long."""
    again = package("shelves", reversed(list(app.plans.values())))

    assert again == files
    assert not re.search(r"[:<] *any\b|as any", "".join(files.values()))
    lines = [line for name, text in files.items() if name.endswith(".ts") for line in text.splitlines()]
    assert [line for line in lines if len(line) > LINE] == []


def test_a_fingerprint_changes_with_the_contract_alone() -> None:
    """What is told to people does not count; a member, a refusal and a path do."""
    plain, reworded, wider, elsewhere = (
        plan_of(*given)
        for given in (
            ("a", "GET /x", "One."),
            ("a", "GET /x", "Two."),
            ("b", "GET /x", "One."),
            ("a", "GET /y", "One."),
        )
    )

    assert digest_of(plain) == digest_of(reworded)
    assert len({digest_of(plan) for plan in (plain, wider, elsewhere)}) == 3


def test_two_actions_of_one_name_are_refused() -> None:
    """`x.a_b` and `x_a.b` would be one; the start says which."""
    shelf, other = Module("x", Public("why")), Module("x_a", Public("why"))

    @shelf.query("GET /one")
    async def a_b(_ctx: PublicContext) -> int:
        return 1

    @other.query("GET /two")
    async def b(_ctx: PublicContext) -> int:
        return 2

    with pytest.raises(Misconfigured, match=r"x_a\.b and x\.a_b are both XAB in TypeScript"):
        package("x", App("x", modules=[shelf, other]).plans.values())


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({}, "unknown"),
        ({"type": ["string", "null"]}, "string | null"),
        ({"const": "on"}, '"on"'),
        ({"enum": [1, "a", None, True]}, '1 | "a" | null | true'),
        ({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}}, "(string | null)[]"),
        ({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]}, "[string, number]"),
        ({"type": "object"}, "Record<string, unknown>"),
        ({"type": "object", "properties": {"a-b": {"type": "null"}}}, '{\n    "a-b"?: null;\n}'),
        ({"allOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/b_c"}]}, "A & BC"),
    ],
)
def test_a_schema_has_its_type(schema: dict[str, object], expected: str) -> None:
    """Each kind of schema; what is not said is unknown, which a caller must look at first."""
    assert type_of(schema) == expected.replace("    ", "  ")


def plan_of(member: str, route: str, said: str) -> Plan:
    """The plan of one query with one member."""
    made = Module("made", Public("why"))

    async def by_a(_ctx: PublicContext, a: int = 0) -> int:
        return a

    async def by_b(_ctx: PublicContext, b: int = 0) -> int:
        return b

    handler = by_a if member == "a" else by_b
    handler.__doc__ = said
    handler.__name__ = "ask"
    made.query(route)(handler)
    return next(iter(App("made", modules=[made]).plans.values()))


@pytest.mark.parametrize(
    ("row", "expected"), [(Record | Wanted, "Record | Wanted"), (list[Wanted | int], "(Wanted | number)[]")]
)
def test_the_rows_of_a_list_have_their_own_type(row: Any, expected: str) -> None:
    """Lists and unions among them too, each with the brackets that belong to it."""
    rows = Module("rows", Public("everybody may look"))

    async def ask(_ctx: PublicContext, page: Keyset) -> Slice[Any]:
        """List them."""
        raise NotImplementedError

    ask.__annotations__["return"] = Slice[row]
    rows.query("GET /rows")(ask)
    said = package("rows", App("rows", modules=[rows]).plans.values())["src/actions.ts"]

    assert f"export type RowsAskResult = Page<{expected.replace('Record', 'RecordModel')}, CursorMeta>;" in said
