"""The reference is what the code says."""

import pkgutil
import re
from collections.abc import Iterator

import click
import pytest

import portico
import portico.modules
from docs.generate import GROUPS, PAGES, SAMPLES
from portico.cli import portico as portico_command
from portico.core.lifecycle import LIFE
from tests.docs.fences import ROOT

SHARED = {"--debug", "--json", "--yes"}
"""Options of many commands."""


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every command as somebody types it, and its options."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            own = [option for each in command.params if isinstance(each, click.Option) for option in each.opts]
            yield " ".join((*path, name)), tuple(o for o in own if o not in SHARED)


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    """What is committed is what the code makes now; `python -m docs.generate` makes it so."""
    written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")

    assert written == PAGES[name](), "run `python -m docs.generate`"


def test_every_public_name_has_its_group() -> None:
    """No export is left out of the page by forgetting it."""
    errors = {n for n in portico.__all__ if inspect_error(n)} | {"FieldError"}
    grouped = {name for names in GROUPS.values() for name in names} | set(SAMPLES) | errors

    assert set(portico.__all__) - grouped == set()


def test_every_built_in_module_has_its_table() -> None:
    """Whoever looks for what comes with Portico finds all of it."""
    told = re.findall(r"^## `portico\.modules\.(\w+)`$", PAGES["modules.md"](), re.MULTILINE)

    assert sorted(told) == sorted(module.name for module in pkgutil.iter_modules(portico.modules.__path__))


@pytest.mark.parametrize(("name", "options"), sorted(commands(portico_command)))
def test_every_command_is_in_the_reference(name: str, options: tuple[str, ...]) -> None:
    """With each of its options, in its row or its section; what all share is told once, above."""
    told = told_of(name)

    assert told, f"docs/reference/cli.md says nothing of `{name}`"
    assert [option for option in options if option not in told] == []


def test_a_command_that_is_not_told_is_found() -> None:
    """Neither a section nor a row is about what merely begins alike."""
    assert told_of("users lis") == told_of("use") == ""


def test_the_architecture_numbers_the_steps_of_a_call() -> None:
    """The list on its one screen is the list that the code has."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    steps = [(int(n), name, what) for n, name, what in re.findall(r"^(\d+)\. \*\*(\w+)\*\*: (.+)$", text, re.MULTILINE)]

    assert steps == [(n, step.name, step.what) for n, step in enumerate(LIFE, 1)]


def test_the_architecture_names_every_floor() -> None:
    """Each folder of the source stands in the table, and nothing else does."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("## The life of a call")[0]
    inside = (ROOT / "src" / "portico").iterdir()
    code = [path for path in inside if path.suffix == ".py" or (path / "__init__.py").is_file()]
    floors = {path.stem for path in code if not path.stem.startswith("_")}

    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == floors


def told_of(name: str) -> str:
    """The section of the page that is about the command, or the rows that name it."""
    text = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    sections = [s for s in text.split("\n## ") if s.startswith(f"`portico {name.split(maxsplit=1)[0]}")]
    sections = [s for s in sections if re.search(rf"`portico {name}[ `]", s)]
    return "\n".join(sections + re.findall(rf"^\| .*`{name}[ `].*$", text, re.MULTILINE))


def inspect_error(name: str) -> bool:
    """Whether the public name is an error's."""
    kind = getattr(portico, name)
    return isinstance(kind, type) and issubclass(kind, Exception)
