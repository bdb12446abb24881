"""A form of members that are seldom: what a browser would send of it is what the action takes."""

from collections.abc import AsyncIterator
from enum import StrEnum
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field

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


class Filled(HTMLParser):
    """What a browser holds of a form: the fields that it would send, and what stands around them."""

    def __init__(self, page: Reply) -> None:
        """Read the page."""
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.needed: set[str] = set()
        self.offered: dict[str, list[str]] = {}
        self.words: list[str] = []
        self._select = ""
        self.feed(page.text)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        """Take an input as it stands, and a select by what is chosen in it."""
        has = {name: value or "" for name, value in given}
        name = has.get("name", self._select)
        if "required" in has:
            self.needed.add(name)
        if tag == "select":
            self._select = name
        elif tag == "option":
            self.offered.setdefault(name, []).append(has["value"])
            if "selected" in has or name not in self.sent:
                self.sent[name] = [has["value"]]
        elif tag == "input" and (has.get("type") != "checkbox" or "checked" in has):
            self.sent.setdefault(name, []).append(has["value"])

    def handle_data(self, data: str) -> None:
        """Keep what is to be read."""
        self.words += [word for word in data.splitlines() if word.strip()]


@pytest.fixture
async def client(portico_databases: Databases, tmp_path: Path) -> AsyncIterator[Client]:
    """A visitor."""
    (tmp_path / "stay.html").write_text('{{ form("lodging.book") }}<p>{{ form.result }}</p>', encoding="utf-8")
    app = App("lodging", modules=[lodging], templates=tmp_path)
    async with open_harness(app, await portico_databases.of(app)) as opened:
        yield opened.client()


async def test_what_a_browser_must_fill_in_it_can(client: Client) -> None:
    """A single choice is there to be chosen, a box that must be ticked says so; what may be left out needs nothing."""
    form = Filled(await client.get("/stay"))

    assert form.needed == {"agree", "kind", "nights"}
    assert form.offered["kind"] == ["", "lodging"]
    assert {"pet[name]", "guests[0][name]"} <= form.sent.keys()


async def test_what_stands_as_it_was_drawn_is_left_out(client: Client) -> None:
    """An object that may be None, a row with a box that is ticked at first: both as an empty page sends them."""
    form = Filled(await client.get("/stay"))

    reply = await client.submit("/stay", {**form.sent, "agree": "true", "kind": "lodging", "nights": "7"})

    assert reply.status == 200
    assert Filled(reply).words[-1] == '{"agree":true,"kind":"lodging","nights":7}'


async def test_choices_that_are_no_texts_arrive_as_what_they_are(client: Client) -> None:
    """Numbers and truth, in lists and rows too; a box that was ticked off is no empty row."""
    form = Filled(await client.get("/stay"))
    wanted = {"agree": "true", "kind": "lodging", "nights": "2", "beds[]": ["", "1"], "pet[name]": "Rex"}

    reply = await client.submit("/stay", {**form.sent, **wanted, "pet[small]": "false", "guests[0][name]": "Ada"})

    assert Filled(reply).words[-1] == (
        '{"agree":true,"kind":"lodging","nights":2,"beds":[1],'
        '"pet":{"name":"Rex","small":false},"guests":[{"name":"Ada"}]}'
    )


async def test_a_field_is_called_as_it_is_not_as_its_type(client: Client) -> None:
    """Two of one type are told apart; what is said of a type is for programmers."""
    words = Filled(await client.get("/stay")).words

    assert {"First day", "Last day", "Pet", "From noon on."} <= set(words)
    assert not {"Board", "What is no visitor's business."} & set(words)
