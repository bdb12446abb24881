"""Built browser code is found by its entry's name, and done without where it is not built."""

import json
import logging
from pathlib import Path

import pytest

from portico.core.answer import Html
from portico.transports.assets import MANIFEST, Assets, Built
from portico.transports.pages import FormState, Pages, Sent

CHUNKS = {
    "x/list/index.tsx": {
        "file": "list-a1.js",
        "name": "list",
        "isEntry": True,
        "css": ["list-b2.css"],
        "imports": ["_shared.js", "_more.js"],
    },
    "_shared.js": {"file": "shared-c3.js", "name": "shared", "css": ["shared-d4.css"], "imports": ["_more.js"]},
    "_more.js": {"file": "more-e5.js", "name": "more", "imports": ["_shared.js"]},
}


def built(folder: Path, path: str, chunks: object = CHUNKS) -> Built:
    """A folder as Vite leaves it."""
    manifest = folder / MANIFEST
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps(chunks))
    return Built(folder, path)


def test_an_entry_loads_with_all_that_it_needs(tmp_path: Path) -> None:
    """Its styles and its imports', each once; imports that meet in a circle too."""
    tags = Assets([built(tmp_path, "/built")]).tags("list")

    assert tags.splitlines() == [
        '<link rel="stylesheet" href="/built/list-b2.css">',
        '<link rel="stylesheet" href="/built/shared-d4.css">',
        '<link rel="modulepreload" href="/built/shared-c3.js">',
        '<link rel="modulepreload" href="/built/more-e5.js">',
        '<script type="module" src="/built/list-a1.js"></script>',
    ]


def test_an_application_s_own_entry_comes_first(tmp_path: Path) -> None:
    """Where both have one of the name."""
    own = {"y/list/index.ts": {"file": "own-f6.js", "name": "list", "isEntry": True}}
    places = [built(tmp_path / "own", "/static/built", own), built(tmp_path / "portico", "/_portico")]

    assert Assets(places).tags("list") == '<script type="module" src="/static/built/own-f6.js"></script>'


def test_what_is_not_built_is_told_once_with_the_mend(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """No tag, one line in the log; nothing fails."""
    assets = Assets([Built(tmp_path / "missing", "/built")])

    with caplog.at_level(logging.WARNING, "portico"):
        tags = [assets.tags("forms") for _ in range(3)]

    assert tags == ["", "", ""]
    assert [record.getMessage() for record in caplog.records] == [
        "no browser code named 'forms' is built, so pages do without it; run: make web"
    ]


def test_a_page_of_a_mounted_application_loads_from_beneath_its_root(tmp_path: Path) -> None:
    """As a template asks for it; what else is imported is no entry."""
    (tmp_path / "page.html").write_text("{{ assets('list') }}|{{ assets('shared') }}")
    pages = Pages(tmp_path, Assets([built(tmp_path / "built", "/built")]))

    page = pages.render(Html("page.html", {}), FormState("", "", Sent()), "en", root="/shop").decode()

    assert page.endswith('<script type="module" src="/shop/built/list-a1.js"></script>|')
    assert page.count("/shop/built/") == page.count("/built/") == 5
