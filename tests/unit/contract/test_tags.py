"""Modules are tags: told in the words of their Python modules, and in no document where none of their actions is."""

from datetime import date
from types import ModuleType
from typing import Any

import pytest

from portico import App, Module, Public, PublicContext, Version
from portico.app.contract import document, plans_in, unknown_version, versions_of
from portico.modules import identity, organizations, users
from salon.app import app as salon

DAY = date(2026, 11, 20)


def tags(app: App, version: str) -> dict[str, str]:
    """What is told of each module."""
    return {tag["name"]: tag.get("description", "") for tag in document(app, version)["tags"]}


def served(name: str, **options: Any) -> Module:
    """A module with one action."""
    module = Module(name, **options)

    @module.query(f"GET /{name}", Public("why"))
    async def find(_ctx: PublicContext) -> int:
        """Find."""
        raise NotImplementedError

    return module


def test_a_package_of_the_module_s_name_speaks_for_it() -> None:
    """By the first paragraph of its docstring."""
    told = tags(App("base", modules=[identity, organizations, users]), "v1")

    packages: dict[str, ModuleType] = {
        "organizations": __import__("portico.modules.organizations", fromlist=["_"]),
        "users": __import__("portico.modules.users", fromlist=["_"]),
    }
    for name, package in packages.items():
        assert told[name] == " ".join((package.__doc__ or "").split())


def test_a_document_has_the_tags_of_its_actions() -> None:
    """Of those that stand beside all versions, too; pages have none."""
    first, second = tags(salon, "v1"), tags(salon, "v2")

    assert {"appointments", "customers", "identity", "users", "webhooks"} <= set(first)
    assert {"identity", "users"} <= set(second)
    assert "appointments" not in second
    assert "pages" not in first


def test_versions_come_from_where_actions_are_served() -> None:
    """In the order of their numbers; a prefix without one is of all versions."""
    app = App(
        "shop",
        modules=[
            served("plain"),
            served("beside", prefix="/api/beside"),
            served("late", versions=(Version("v2", DAY), Version("v10", DAY))),
        ],
    )

    assert versions_of(app) == ("v1", "v2", "v10")
    assert [plan.action.name for plan in plans_in(app, "v1")] == ["plain.find", "beside.find"]
    assert [plan.action.name for plan in plans_in(app, "v2")] == ["beside.find", "late.find@v2"]


@pytest.mark.parametrize(
    ("versions", "path", "code"),
    [
        (("v1", "v2"), "/api/v3/things", "UNKNOWN_API_VERSION"),
        (("v1", "v2"), "/api/v1/things", "NOT_FOUND"),
        (("v1", "v2"), "/things", "NOT_FOUND"),
        ((), "/api/v1/things", "NOT_FOUND"),
    ],
)
def test_what_is_wrong_with_a_path_is_its_version_or_itself(versions: tuple[str, ...], path: str, code: str) -> None:
    """An application without versions has none that is unknown."""
    assert unknown_version(versions)(path).code == code
