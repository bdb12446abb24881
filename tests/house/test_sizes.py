"""Nothing grows past what a reader holds in mind."""

import ast
import statistics
from collections.abc import Iterable, Sequence

from tests.house.tree import Function, Source, sources

BODY, BODY_MEDIAN, BODY_P95 = 40, 5, 22
FILE, FILE_MEDIAN, FILE_P90 = 300, 100, 200
CLASS_LINES, CLASS_METHODS = 150, 10


def test_no_function_body_is_long() -> None:
    """A body has at most 40 code lines; half of all have 5 or fewer, 19 of 20 have 22 or fewer."""
    found = [(size, where) for source in sources("src") for size, where in bodies(source)]

    assert [where for size, where in found if size > BODY] == []
    assert statistics.median(size for size, _ in found) <= BODY_MEDIAN
    assert share([size for size, _ in found], 0.95) <= BODY_P95


def test_no_file_is_long() -> None:
    """A file has at most 300 code lines; half of all have 100 or fewer, 9 of 10 have 200 or fewer."""
    found = {source.name: len(source.code) for source in sources("src")}

    assert [name for name, size in found.items() if size > FILE] == []
    assert statistics.median(found.values()) <= FILE_MEDIAN
    assert share(list(found.values()), 0.9) <= FILE_P90


def test_no_class_does_too_much() -> None:
    """A class has at most 150 lines and 10 public methods, the Salon's too."""
    assert [row for source in sources("src", "salon/src") for row in large_classes(source)] == []


def test_the_longest_test_still_reads_like_a_story() -> None:
    """No function in the tests, the Salon or the benchmarks has a longer body than the source may have.

    A migration is written by a program and never read again: its length is free.
    """
    written = [source for source in sources("tests", "salon/src", "benchmarks") if "/migrations/" not in source.name]
    found = [row for source in written for row in bodies(source)]

    assert [where for size, where in found if size > BODY] == []


def test_the_measure_sees_a_long_body() -> None:
    """Comments, blank lines and docstrings do not count; code does."""
    lines = ["def long():", '    """Said."""', "    # why", "", *[f"    x{n} = {n}" for n in range(41)]]

    assert bodies(Source("sample.py", "\n".join(lines))) == [(41, "sample.py:1 long has 41 code lines")]


def test_the_measure_sees_a_large_class() -> None:
    """Eleven public methods are too many; properties and private methods are free."""
    methods = [f"    def do_{n}(self): ..." for n in range(11)]
    free = ["    @property", "    def name(self): ...", "    def _own(self): ..."]

    assert large_classes(Source("sample.py", "\n".join(["class Big:", *methods[1:], *free]))) == []
    assert large_classes(Source("sample.py", "\n".join(["class Big:", *methods]))) == [
        "sample.py:1 Big: 12 lines, 11 public methods",
    ]


def bodies(source: Source) -> list[tuple[int, str]]:
    """The code lines of every function's body, and where it is."""
    sizes = [(source.within(node.body[0], node), node) for node in source.functions()]
    return [(size, f"{source.name}:{node.lineno} {node.name} has {size} code lines") for size, node in sizes]


def large_classes(source: Source) -> list[str]:
    """Every class over a limit, with its figures."""
    figures = [
        (node, (node.end_lineno or 0) - node.lineno + 1, len(public_methods(node.body))) for node in source.classes()
    ]
    return [
        f"{source.name}:{node.lineno} {node.name}: {lines} lines, {methods} public methods"
        for node, lines, methods in figures
        if lines > CLASS_LINES or methods > CLASS_METHODS
    ]


def public_methods(body: Iterable[ast.stmt]) -> set[str]:
    """Names of the methods that a caller may use: overloads count once, properties are data."""
    methods = [node for node in body if isinstance(node, Function) and not node.name.startswith("_")]
    return {node.name for node in methods if "property" not in {ast.unparse(mark) for mark in node.decorator_list}}


def share(values: Sequence[int], part: float) -> int:
    """The value that this part of all values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]
