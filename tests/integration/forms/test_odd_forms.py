"""A form of members that are seldom: what a browser would send of it is what the action takes."""

import re
from collections.abc import AsyncIterator
from enum import StrEnum
from html import unescape
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field
from pydantic_core import from_json

from portico import App, Html, Module, Public, PublicContext, RateLimit
from portico.testing import Client, Reply, open_harness
from portico.testing.databases import Databases

pytestmark = pytest.mark.anyio
lodging = Module("lodging", Public("an example"), prefix="")


class Board(StrEnum):
    """What is no visitor's business."""

    BREAKFAST = "breakfast"
    FULL = "full"


class Pet(BaseModel):
    """Nor is this."""

    name: str = Field(min_length=1)
    small: bool = True


class Guest(BaseModel):
    """Somebody who comes along."""

    name: str = Field(min_length=1)
    stays: bool = True


class Stay(BaseModel):
    """All that is seldom."""

    agree: Literal[True]
    kind: Literal["lodging"]
    nights: Literal[1, 2, 7]
    beds: list[Literal[1, 2]] = []
    first_day: Board = Field(Board.FULL, description="From noon on.")
    last_day: Board | None = None
    pet: Pet | None = None
    guests: list[Guest] = []


@lodging.query("GET /stay")
async def page(ctx: PublicContext) -> Html:
    """The form, alone."""
    return Html("stay.html", {})


@lodging.mutation("POST /stays", RateLimit("100/m", by="ip"))
async def book(ctx: PublicContext, data: Stay) -> str:
    """Book a stay."""
    return data.model_dump_json(exclude_defaults=True)


lodging.form("/stay", book, page=page)


@pytest.fixture
async def client(portico_databases: Databases, tmp_path: Path) -> AsyncIterator[Client]:
    """A visitor."""
    (tmp_path / "stay.html").write_text(
        '{{ form("lodging.book") }}<p id=result>{{ form.result }}</p>', encoding="utf-8"
    )
    app = App("lodging", modules=[lodging], templates=tmp_path)
    async with open_harness(app, await portico_databases.of(app)) as opened:
        yield opened.client()


async def test_what_a_browser_must_fill_in_it_can(client: Client) -> None:
    """A single choice is there to be chosen, a box that must be ticked says so; what may be left out needs nothing."""
    page = await client.get("/stay")

    assert set(re.findall(r'name="([^"]+)"[^>]* required', page.text)) == {"agree", "kind", "nights"}
    assert '<option value="lodging">' in page.text
    assert {"pet[name]", "guests[0][name]"} <= page.form().keys()


async def test_what_stands_as_it_was_drawn_is_left_out(client: Client) -> None:
    """An object that may be None, a row with a box that is ticked at first: both as an empty page sends them."""
    page = await client.get("/stay")

    reply = await client.submit("/stay", {**page.form(), "agree": "true", "kind": "lodging", "nights": "7"})

    assert reply.status == 200
    assert result_of(reply) == '{"agree":true,"kind":"lodging","nights":7}'


async def test_choices_that_are_no_texts_arrive_as_what_they_are(client: Client) -> None:
    """Numbers and truth, in lists and rows too; a box that was ticked off is no empty row."""
    page = await client.get("/stay")
    wanted = {"agree": "true", "kind": "lodging", "nights": "2", "beds[]": ["", "1"], "pet[name]": "Rex"}

    reply = await client.submit("/stay", {**page.form(), **wanted, "pet[small]": "false", "guests[0][name]": "Ada"})

    assert result_of(reply) == (
        '{"agree":true,"kind":"lodging","nights":2,"beds":[1],'
        '"pet":{"name":"Rex","small":false},"guests":[{"name":"Ada"}]}'
    )


async def test_the_log_tells_of_the_form_s_action(
    portico_databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not of the page that shows what was wrong with it."""
    (tmp_path / "stay.html").write_text('{{ form("lodging.book") }}', encoding="utf-8")
    app = App("lodging", modules=[lodging], templates=tmp_path)
    async with open_harness(app, await portico_databases.of(app), portico_access_log=True) as opened:
        visitor = opened.client()
        await visitor.submit("/stay", (await visitor.get("/stay")).form())

    looked, sent = [from_json(line) for line in capsys.readouterr().err.splitlines()]
    assert (looked["action"], sent["action"]) == ("lodging.page", "lodging.book")
    assert (sent["status"], sent["code"], sent["category"]) == (422, "VALIDATION_ERROR", "validation")


async def test_a_field_is_called_as_it_is_not_as_its_type(client: Client) -> None:
    """Two of one type are told apart; what is said of a type is for programmers."""
    words = set(re.findall(r">([^<>]+)<", (await client.get("/stay")).text))

    assert {"First day", "Last day", "Pet", "From noon on."} <= words
    assert not {"Board", "What is no visitor&#39;s business."} & words


def result_of(reply: Reply) -> str:
    """What the action has returned."""
    return unescape(reply.text.partition("<p id=result>")[2].partition("<")[0])
