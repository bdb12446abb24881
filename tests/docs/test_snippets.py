"""What the pages show, runs."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from portico import App
from portico.adapters.postgres.migrations import revise
from portico.app.migrating import migrate
from portico.testing import open_harness
from portico.testing.databases import Databases
from portico.testing.harness import settings_for
from tests.docs.fences import ROOT, fences, pages

pytestmark = pytest.mark.anyio
WHOLE = "docs/tutorial/first-action.md"  # runs as a program: test_tutorial.py
SHOWN = [p for p in pages() if fences(p, "python") and p != ROOT / WHOLE]
NAMES = [p.relative_to(ROOT).as_posix() for p in SHOWN]


@pytest.mark.parametrize("page", SHOWN, ids=NAMES, indirect=True)
async def test_every_snippet_runs(
    page: ModuleType, portico_databases: Databases, *, portico_valkey: str, tmp_path: Path
) -> None:
    """A page's blocks run one after another; the tests among them pass on the application that they make."""
    shown = list(shown_tests(page))
    urls = await prepared(page.app, portico_databases, tmp_path) if any(map(wants_harness, shown)) else None

    for test in shown:
        if urls is None or not wants_harness(test):
            test()
            continue
        async with open_harness(page.app, urls) as harness:
            await harness.empty()
            more = {"portico_valkey": portico_valkey} if "portico_valkey" in inspect.signature(test).parameters else {}
            await test(harness, **more)


def test_there_are_snippets() -> None:
    """The pages are found."""
    assert {"README.md", "docs/how-to/write-a-policy.md", "docs/how-to/migrations.md"} <= set(NAMES)


def shown_tests(page: ModuleType) -> Iterator[Any]:
    """The tests that a page shows."""
    return (value for name, value in vars(page).items() if name.startswith("test_"))


def wants_harness(test: Any) -> bool:
    """Whether the test takes the fixture `portico`."""
    return "portico" in inspect.signature(test).parameters


async def prepared(app: App, databases: Databases, folder: Path) -> Any:
    """The application's database, with the tables that it declares."""
    if app.metadata is not None:
        app.migrations = folder
    urls = await databases.of(app)
    if app.metadata is not None:
        await revise(urls, metadata=app.metadata, app_migrations=folder, message="What the page declares")
        await migrate(app, urls, settings_for(urls), report=lambda _: None)
    return urls
