"""What is measured says how much is wanted of it."""

import ast
from pathlib import Path

import pytest

from tests.house.tree import ROOT

TOPICS = sorted(path for path in (ROOT / "benchmarks" / "figures").glob("*.py") if not path.name.startswith("_"))


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in TOPICS])
def test_every_figure_has_its_bound(path: Path) -> None:
    """A topic without one would be measured in vain: nobody could say whether the figure holds."""
    body = ast.parse(path.read_text()).body
    assigned = [ast.unparse(target) for node in body if isinstance(node, ast.Assign) for target in node.targets]
    annotated = [ast.unparse(node.target) for node in body if isinstance(node, ast.AnnAssign)]

    assert "WANTED" in assigned + annotated
    assert "measure" in [node.name for node in body if isinstance(node, ast.AsyncFunctionDef)]
