"""The project's files, read once, as the house tests measure them."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GENERATED = {"__pycache__", "node_modules", "dist", "htmlcov", "results"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Source:
    """One Python file: its text, its syntax and which of its lines are code."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text, self.name)

    @cached_property
    def lines(self) -> list[str]:
        """The text by lines; line n stands at n - 1."""
        return self.text.splitlines()

    @cached_property
    def code(self) -> frozenset[int]:
        """Numbers of the lines that are neither blank, nor a comment, nor a docstring."""
        written = {n for n, line in enumerate(self.lines, 1) if line.strip() and not line.lstrip().startswith("#")}
        return frozenset(written - self._docstrings())

    def within(self, first: ast.stmt, last: ast.stmt) -> int:
        """How many code lines stand from one statement to the end of another."""
        return len(self.code & set(range(first.lineno, (last.end_lineno or last.lineno) + 1)))

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """Every node of these kinds."""
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))

    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def classes(self) -> Iterator[ast.ClassDef]:
        """Every class."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef))

    def _docstrings(self) -> set[int]:
        found: set[int] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, Documented) and ast.get_docstring(node, clean=False) is not None:
                found.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
        return found


@cache
def files(folder: str, suffix: str = "") -> tuple[Path, ...]:
    """Every file that belongs to the project beneath a folder of its root, sorted."""
    found: list[Path] = []
    for where, folders, names in os.walk(ROOT / folder):
        folders[:] = [name for name in folders if name not in GENERATED and not name.startswith(".")]
        found += [Path(where, name) for name in names if name.endswith(suffix)]
    return tuple(sorted(found))


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Every Python file beneath the folders."""
    paths = [path for folder in folders for path in files(folder, ".py")]
    return tuple(Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths)


def headings(folder: str = "docs/reference", name: str = "*.md") -> frozenset[str]:
    """The first word of every Markdown heading beneath a folder: backticks, signature and the rest set aside."""
    lines = [line for path in (ROOT / folder).glob(name) for line in path.read_text(encoding="utf-8").splitlines()]
    return frozenset(first_word(line) for line in lines if line.startswith("#") and first_word(line))


def first_word(heading: str) -> str:
    """`## `App(name, …)` of it` is about `App`."""
    words = heading.lstrip("#").replace("`", " ").replace("(", " ").replace(":", " ").split()
    return words[0] if words else ""
