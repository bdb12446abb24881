"""A page of the documentation as a running program."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.docs.fences import ROOT, fences


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    """The module that a page's Python blocks make, in order."""
    path: Path = request.param
    module = ModuleType("page_" + path.stem.replace("-", "_"))
    sys.modules[module.__name__] = module
    for fence in fences(path, "python"):
        place = path.relative_to(ROOT).as_posix()
        exec(compile("\n" * (fence.line - 1) + fence.text, place, "exec"), vars(module))
    yield module
    del sys.modules[module.__name__]
