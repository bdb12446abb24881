"""The fenced blocks of a page: their language, what stands behind it, their text."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Fence(NamedTuple):
    """One block; `line` is where its text begins."""

    language: str
    note: str
    text: str
    line: int


def pages() -> list[Path]:
    """Every page that people read."""
    root = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")]
    return [*root, *sorted((ROOT / "docs").rglob("*.md"))]


def fences(page: Path, language: str = "") -> list[Fence]:
    """The blocks of a page, in a language where one is named."""
    text = page.read_text(encoding="utf-8")
    found = [Fence(m[1], m[2].strip(), m[3], text.count("\n", 0, m.start()) + 2) for m in FENCE.finditer(text)]
    return [fence for fence in found if language in {"", fence.language}]
