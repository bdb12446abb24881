"""The package as npm and people see it."""

import json
import re

import pytest
from click.testing import CliRunner, Result
from pydantic import BaseModel

from portico import App, Html, Module, Numbered, Public, PublicContext, RateLimit, Redirect, Slice
from portico.cli import portico
from portico.generate.typescript import in_client, package
from portico.generate.typescript.types import comment, said_of

things = Module("things", Public("why"))
pages = Module("pages", Public("why"), prefix="")


@things.query("GET /things")
async def count(_ctx: PublicContext) -> int:
    """Count them."""
    raise NotImplementedError


@pages.query("GET /")
async def show(_ctx: PublicContext) -> Html:
    """Show them."""
    raise NotImplementedError


@pages.query("GET /away")
async def leave(_ctx: PublicContext) -> Redirect:
    """Lead elsewhere."""
    raise NotImplementedError


async def ask(_ctx: PublicContext) -> str:
    """Ask for one."""
    raise NotImplementedError


async def sought(_ctx: PublicContext, page: Numbered) -> Slice[int]:
    """List some."""
    raise NotImplementedError


async def put(_ctx: PublicContext, name: str) -> None:
    """Put one there."""


app = App("things", modules=[things, pages])
files = package("things", app.plans.values())


def test_every_door_of_the_package_leads_to_a_file() -> None:
    """Each has code and declarations, built from the source of its name."""
    doors = json.loads(files["package.json"])["exports"]

    assert {door["types"].removeprefix("./dist/").removesuffix(".d.ts") for door in doors.values()} == {
        name.removeprefix("src/").removesuffix(".ts")
        for name in files
        if name.startswith("src/") and name not in {"src/actions.ts", "src/runtime.ts", "src/types.ts"}
    }


def test_every_file_of_its_sources_is_a_module() -> None:
    """That of the types too where there are none: else TypeScript refuses what is re-exported from it."""
    assert all(re.search(r"^export ", text, re.MULTILINE) for name, text in files.items() if name.startswith("src/"))


@pytest.mark.parametrize("kinds", ["query", "list", "mutation", "query mutation", "list query mutation", ""])
def test_its_files_import_what_they_use(kinds: str) -> None:
    """And nothing else, which a program that has them among its sources may forbid (`noUnusedLocals`)."""
    some = Module("some", Public("why"))
    if "query" in kinds:
        some.query("GET /things")(ask)
    if "list" in kinds:
        some.query("GET /lists")(sought)
    if "mutation" in kinds:
        some.mutation("POST /things", RateLimit("5/m", by="ip"))(put)
    drawn = package("some", App("some", modules=[some if kinds else pages]).plans.values())

    for name in ("src/actions.ts", "src/hooks.ts"):
        imports, code = re.findall(r"^import (?:type )?(.*) from", drawn[name], re.MULTILINE), drawn[name]
        for word in re.findall(r"\w+", " ".join(imports).replace("type ", "").replace("* as ", "")):
            assert len(re.findall(rf"\b{word}\b", code)) > 1, (name, word)


def test_the_package_has_the_application_s_name() -> None:
    """In its manifest, and where it tells people how to import it."""
    assert json.loads(files["package.json"])["name"] == "@things/client"
    assert "# The client of things" in files["README.md"]
    assert not any("{{" in text for name, text in files.items() if name.endswith(".md"))


class Sought(BaseModel):
    """What somebody looks for."""

    text: str


def test_its_example_is_a_call_of_the_application() -> None:
    """A list before another query, a query before a mutation, with as little as it takes."""
    module = Module("birds", Public("why"))

    @module.mutation("POST /birds", RateLimit("5/m", by="ip"))
    async def add(_ctx: PublicContext, name: str) -> str:
        """Add one."""
        raise NotImplementedError

    only_adds = App("birds", modules=[module])

    @module.query("GET /birds/found")
    async def found(_ctx: PublicContext, sought: Sought) -> str:
        """Find one."""
        raise NotImplementedError

    looks = App("birds", modules=[module])

    @module.query("GET /birds")
    async def watch(_ctx: PublicContext, page: Numbered) -> Slice[Sought]:
        """List them."""
        raise NotImplementedError

    lists = App("birds", modules=[module])
    texts = [package("birds", app.plans.values())["README.md"] for app in (only_adds, looks, lists)]

    assert "attempt(client, thingsCount, undefined)" in files["README.md"]
    assert [re.findall(r"attempt\(client, (.*)\);", text) for text in texts] == [
        ["birdsAdd, input"],
        ["birdsFound, input"],
        ["birdsWatch, {}"],
    ]


def test_pages_and_jobs_are_no_part_of_it() -> None:
    """They are for people and for workers."""
    assert {name for name, plan in app.plans.items() if in_client(plan)} == {"things.count"}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("One line.", ["/** One line. */"]),
        ("First.\n\n    More.", ["/**", " * First.", " *", " * More.", " */"]),
        ("An end */ within.", ["/** An end * / within. */"]),
    ],
)
def test_what_a_docstring_says_is_a_comment(text: str, lines: list[str]) -> None:
    """As long as it is, and never ended early."""
    assert list(comment(text)) == lines


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"format": "date"}, "A day, YYYY-MM-DD."),
        ({"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]}, "A UUID."),
        ({"default": 20, "description": "How many."}, "How many. 20 unless said."),
        ({"type": "string"}, ""),
    ],
)
def test_a_member_says_what_its_type_cannot(schema: dict[str, object], said: str) -> None:
    """What kind of text it is, and what stands where nothing is sent."""
    assert said_of(schema) == said


def test_an_application_that_is_not_there_is_named() -> None:
    """With what to write."""
    done: Result = CliRunner().invoke(portico, ["client", "ts", "nowhere.app:app"])

    assert done.exit_code != 0
    assert "nowhere" in done.output
