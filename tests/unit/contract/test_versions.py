"""An action in an older version is the same function, between inputs and results of the older shape."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel

from portico import App, Change, Html, Misconfigured, Module, Public, PublicContext, RateLimit, Redirect, Slice, Version
from portico.app.contract import document, plans_in, versions_of
from portico.core.refusals import compile_all

pytestmark = pytest.mark.anyio
DAY = date(2026, 11, 20)
ANYBODY = (Public("why"), RateLimit("5/m", by="ip"))


class V1(BaseModel):
    """The first shape."""

    name: str


class V2(BaseModel):
    """The second."""

    first: str
    last: str


class V3(BaseModel):
    """The third."""

    parts: list[str]


def first(thing: V2) -> V1:
    """From the second to the first."""
    return V1(name=f"{thing.first} {thing.last}")


def second(thing: V3) -> V2:
    """From the third to the second."""
    return V2(first=thing.parts[0], last=thing.parts[-1])


def taken_second(thing: V1) -> V2:
    """From the first to the second."""
    return V2(first=thing.name.split()[0], last=thing.name.split()[-1])


def taken_third(thing: V2) -> V3:
    """From the second to the third."""
    return V3(parts=[thing.first, thing.last])


ONE = Version("v1", DAY)
TWO = Version("v2", DAY, (Change(DAY, "In two parts.", (first,), (taken_second,)),))
THREE = Version("v3", DAY, (Change(DAY, "In any number of parts.", (second,), (taken_third,)),))


def things(versions: Sequence[Version] = (ONE, TWO, THREE)) -> Module:
    """A module of four actions and a page."""
    module = Module("things", versions=versions)

    @module.mutation("POST /things", *ANYBODY)
    async def make(_ctx: PublicContext, data: V3, note: str = "") -> V3:
        """Make a thing."""
        return V3(parts=[*data.parts, note] if note else data.parts)

    @module.query("GET /things", Public("why"))
    async def find(_ctx: PublicContext) -> Slice[V3]:
        """Find things."""
        return Slice([V3(parts=["Ada", "Lovelace"])], page=2, limit=1, total=3)

    @module.query("GET /maybe", Public("why"))
    async def maybe(_ctx: PublicContext, *, there: bool) -> V3 | None:
        """Find a thing, or none."""
        return V3(parts=["Ada", "Lovelace"]) if there else None

    @module.query("GET /listed", Public("why"))
    async def listed(_ctx: PublicContext) -> list[V3]:
        """List things."""
        return [V3(parts=["Ada", "Lovelace"])]

    @module.query("GET /page", Public("why"))
    async def page(_ctx: PublicContext) -> Html:
        """Show a page."""
        return Html("page.html", {})

    @module.query("GET /onward", Public("why"))
    async def onward(_ctx: PublicContext) -> Redirect:
        """Lead on."""
        return Redirect("/page")

    return module


async def called(name: str, **input: Any) -> Any:
    """What the action's function returns in that version."""
    return await compile_all((things(),), ())[name].action.handler(None, **input)


async def test_a_result_goes_down_the_chain() -> None:
    """From the newest shape through each between to the oldest."""
    assert await called("things.listed") == [V3(parts=["Ada", "Lovelace"])]
    assert await called("things.listed@v2") == [V2(first="Ada", last="Lovelace")]
    assert await called("things.listed@v1") == [V1(name="Ada Lovelace")]


async def test_an_input_goes_up_the_chain() -> None:
    """From the oldest shape to the one that the function takes; other members are left alone."""
    made = await called("things.make@v1", data=V1(name="Ada Lovelace"), note="x")

    assert made == V1(name="Ada x")


async def test_a_page_of_a_list_keeps_its_meta() -> None:
    """Only its rows change."""
    page = await called("things.find@v1")

    assert (page.data, page.meta()) == (
        [V1(name="Ada Lovelace")],
        {"page": 2, "limit": 1, "total": 3, "total_pages": 3},
    )


async def test_nothing_stays_nothing() -> None:
    """None has no shape."""
    assert await called("things.maybe@v1", there=False) is None
    assert await called("things.maybe@v1", there=True) == V1(name="Ada Lovelace")


def test_the_newest_version_is_the_application_s_own() -> None:
    """Its registry holds each action once; older versions stand beside it, pages in none."""
    app = App("shop", modules=[things()])

    assert {name for name in app.actions if name.startswith("things.")} == {
        "things.make",
        "things.find",
        "things.maybe",
        "things.listed",
        "things.page",
        "things.onward",
    }
    assert app.actions["things.find"].place.prefix == "/api/v3"
    assert versions_of(app) == ("v1", "v2", "v3")
    assert {plan.action.name for plan in plans_in(app, "v1")} >= {"things.make@v1", "things.find@v1"}
    assert "things.page@v1" not in app.all_plans


def test_a_limit_is_one_over_all_versions() -> None:
    """Another version is no second helping."""
    plans = compile_all((things(),), ())
    limits = [p for name in ("things.make", "things.make@v1") for p in plans[name].policies if isinstance(p, RateLimit)]

    assert [limit.scope for limit in limits] == ["things.make", "things.make"]


def test_each_version_has_a_document() -> None:
    """With the shapes of its time, under the same operation ids."""
    app = App("shop", modules=[things()])

    shapes = {v: document(app, v)["components"]["schemas"].keys() & {"V1", "V2", "V3"} for v in versions_of(app)}
    ids = {document(app, v)["paths"][f"/api/{v}/things"]["post"]["operationId"] for v in versions_of(app)}

    assert shapes == {"v1": {"V1"}, "v2": {"V2"}, "v3": {"V3"}}
    assert ids == {"things.make"}


def test_an_unchanged_module_is_served_in_both() -> None:
    """It says so by listing the versions."""
    plain = Module("plain", versions=(ONE, Version("v2", DAY)))

    @plain.query("GET /same", Public("why"))
    async def same(_ctx: PublicContext) -> V1:
        """Answer as ever."""
        return V1(name="same")

    app = App("shop", modules=[plain])

    assert [f"/api/{v}/same" in document(app, v)["paths"] for v in versions_of(app)] == [True, True]


def astray(thing: BaseModel) -> V1:
    """Take what no action returns."""
    return V1(name=str(thing))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Version("2", DAY), r"Version\('2'\): name it v1, v2"),
        (lambda: Version("v1", DAY, deprecated=DAY, sunset=date(2025, 1, 1)), "released, then deprecated, then ends"),
        (lambda: Version("v1", DAY, sunset=DAY), "released, then deprecated, then ends"),
        (lambda: Module("m", versions=(TWO, ONE)), "the oldest first"),
        (lambda: Module("m", versions=(TWO, THREE)), "v2 is its oldest version; there is nothing that it changes"),
        (lambda: changed(lambda thing: thing), "annotate its parameter and its result"),
        (lambda: changed(astray), r"astray, a change of things in v2, fits none of its actions"),
    ],
)
def test_a_wrong_declaration_refuses_the_start(make: Any, said: str) -> None:
    """With what to write instead."""
    with pytest.raises(Misconfigured, match=said):
        make()


def changed(function: Any) -> App:
    """An application whose second version changes answers by the function."""
    return App("shop", modules=[things((ONE, Version("v2", DAY, (Change(DAY, "Why not.", (function,)),))))])
