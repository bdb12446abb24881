"""The page of the API, and GraphiQL's: what they say where their code is not built, and which version comes first."""

from datetime import date
from pathlib import Path

import pytest

from portico import App, Module, Public, PublicContext, Version
from portico.app import contract
from portico.generate import api_page
from portico.generate.graphql import page as graphiql
from portico.transports.assets import OWN_PATH, Built
from tests.unit.contract.shop import app


def two_versions() -> App:
    """Two actions stand in v1 alone, one in both."""
    versions = (Version("v1", date(2026, 1, 1)), Version("v2", date(2026, 2, 1)))
    old, both = Module("old", Public("a test")), Module("both", Public("a test"), versions=versions)

    async def one(ctx: PublicContext) -> int:
        """Count one."""
        return 1

    async def two(ctx: PublicContext) -> int:
        """Count two."""
        return 2

    old.query("GET /one")(one)
    both.query("GET /two")(two)
    return App("two", modules=[old, both])


def test_what_is_not_built_is_told_on_the_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the mend; the documents are linked all the same."""
    monkeypatch.setattr(contract, "OWN_BUILT", Built(tmp_path, OWN_PATH))

    text = contract.page_of(app)

    assert "make web" in text
    assert 'href="v1/openapi.json"' in text
    assert "<script" not in text
    assert "make web" in graphiql.page("shop", "")


def test_the_version_of_most_actions_is_shown_first() -> None:
    """The others are a link away."""
    text = contract.page_of(two_versions())

    assert 'data-version="v1" data-document="v1/openapi.json" aria-current="page"' in text
    assert 'data-version="v2" data-document="v2/openapi.json">v2' in text


def test_names_are_text() -> None:
    """Not markup."""
    assert "<b>" not in api_page.page("<b>", ["v1"], first="v1", tags="") + graphiql.page("<b>", "")
