"""Imports point down, and the Salon enters by the public door alone."""

import ast
import importlib
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.house.tree import ROOT, Source, sources

DOORS = {
    "portico",
    "portico.modules",
    "portico.modules.audit",
    "portico.modules.identity",
    "portico.modules.drafts",
    "portico.modules.organizations",
    "portico.modules.experiments",
    "portico.modules.usage",
    "portico.modules.webhooks",
    "portico.tables",
    "portico.testing",
}
ORM_FLOORS = ("src/portico/adapters/", "src/portico/tables", "src/portico/testing/")


def test_every_contract_on_imports_is_kept() -> None:
    """Floors, cycles and drivers: the contracts of pyproject.toml hold."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_no_contract_has_an_exception() -> None:
    """An ignored import is a broken floor with a rug over it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert [c["id"] for c in settings["tool"]["importlinter"]["contracts"] if "ignore_imports" in c] == []


def test_the_salon_imports_only_public_names() -> None:
    """What the reference application needs, every application can have."""
    assert [row for source in sources("salon") for row in trespasses(source)] == []


def test_no_driver_is_loaded_before_it_is_needed() -> None:
    """SQLAlchemy is imported at the top of a file only beneath the adapters and the tables."""
    above = [source for source in sources("src") if not source.name.startswith(ORM_FLOORS)]

    assert [f"{s.name}: {name}" for s in above for name in eager(s) if name.split(".")[0] == "sqlalchemy"] == []


def test_the_detectors_see_a_trespass() -> None:
    """A deeper module, a private name and a module passed off as a name are refused; public names are not."""
    text = "from portico.core.call import Call\nfrom portico import _secret, App\nimport portico.app\nimport portico"

    assert trespasses(Source("sample.py", text)) == [
        "sample.py:1 portico.core.call",
        "sample.py:2 portico._secret",
        "sample.py:3 portico.app",
    ]


def test_the_detectors_see_an_eager_import() -> None:
    """An import within a function is late; one at the top is not."""
    text = "import sqlalchemy.orm\ndef late():\n    import alembic"

    assert eager(Source("sample.py", text)) == ["sqlalchemy.orm"]


def trespasses(source: Source) -> list[str]:
    """Every import from Portico that is not a public name of a door."""
    found: list[str] = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.split(".")[0] == "portico"]
            found += [f"{source.name}:{node.lineno} {name}" for name in names if name not in DOORS]
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "portico":
            found += [f"{source.name}:{node.lineno} {name}" for name in refused(node)]
    return found


def refused(node: ast.ImportFrom) -> list[str]:
    """What this statement takes that its module does not offer."""
    door = node.module or ""
    if door not in DOORS:
        return [door]
    public = set(importlib.import_module(door).__all__)
    return [f"{door}.{alias.name}" for alias in node.names if alias.name not in public]


def eager(source: Source) -> list[str]:
    """Modules that the file imports as soon as it is imported itself."""
    found: list[str] = []
    for node in source.tree.body:
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append(node.module or "")
    return found
