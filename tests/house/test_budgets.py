"""Ways around a tool are rationed, and each says why it is there."""

import ast
import re

from tests.house.tree import ROOT, Source, files, sources

IGNORES, ANYS, NOQAS, MOCKS = 2, 10, 1, 1  # for each 1,000 code lines
IGNORE = re.compile(r"#\s*type:\s*ignore")
IGNORE_SAID = re.compile(r"#\s*type: ignore\[[\w-]+(, ?[\w-]+)*\]\s+#\s*\w")
NOQA = re.compile(r"#\s*(ruff:\s*)?noqa")
NOQA_SAID = re.compile(r"#\s*noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*\s+#\s*\w")
LATER = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b")  # bracketed, so that this line is no find
MOCK = re.compile(r"unittest\.mock|\bMagicMock\b|\bAsyncMock\b|monkeypatch\.setattr|\bmocker\b")
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "misc"}


def test_type_ignores_are_rare() -> None:
    """At most 2 in 1,000 lines."""
    assert marks(IGNORE, "src") <= IGNORES * thousands("src")


def test_type_ignores_give_code_and_reason() -> None:
    """What a checker may not see stands beside the line, in words."""
    assert unsaid(IGNORE, IGNORE_SAID, "src", "salon/src") == []


def test_noqa_is_rare() -> None:
    """At most 1 in 1,000 lines; an exemption that is needed often belongs in the configuration with its reason."""
    assert marks(NOQA, "src") <= NOQAS * thousands("src")


def test_noqa_gives_code_and_reason() -> None:
    """What a linter may not see stands beside the line, in words."""
    assert unsaid(NOQA, NOQA_SAID, "src", "salon/src") == []


def test_any_is_rationed() -> None:
    """At most 10 in 1,000 lines have one."""
    assert sum(len(any_lines(source)) for source in sources("src")) <= ANYS * thousands("src")


def test_nothing_is_left_for_later() -> None:
    """No note of work to be done stands in the tree: it is done, or it is not there."""
    assert lines_with(LATER, "src", "salon/src", "tests", "benchmarks") == []


def test_no_assert_guards_the_source() -> None:
    """Python may run without assertions: a mistake raises an exception that names the mend."""
    found = [f"{s.name}:{node.lineno}" for s in sources("src", "salon/src") for node in asserts(s)]

    assert found == []


def test_mocks_are_rare() -> None:
    """At most 1 in 1,000 test lines: the real thing runs, or the shipped memory adapter."""
    found = lines_with(MOCK, "tests")

    assert len([row for row in found if "tests/house/" not in row]) <= MOCKS * thousands("tests")


def test_files_are_named_after_what_they_hold() -> None:
    """A drawer named for everything holds anything."""
    paths = [path for folder in ("src", "salon", "tests", "benchmarks") for path in files(folder)]

    assert [str(path.relative_to(ROOT)) for path in paths if FORBIDDEN_NAMES & nouns(path.parent.name, path.stem)] == []


def test_the_detectors_see_bad_samples() -> None:
    """Each detector of this file finds what it looks for."""
    bad = "x: Any = f()  # type: ignore\nassert x  # noqa\n"
    source = Source("sample.py", "from typing import Any\n" + bad)

    assert any_lines(source) == {2}
    assert len(asserts(source)) == 1
    assert IGNORE.search(bad)
    assert not IGNORE_SAID.search(bad)
    assert NOQA.search(bad)
    assert not NOQA_SAID.search(bad)
    assert LATER.search("# todo: later".upper())
    assert MOCK.search("from unittest.mock import patch")
    assert FORBIDDEN_NAMES & nouns("core", "test_utils")


def test_the_detectors_accept_what_is_said() -> None:
    """A code and a reason are enough."""
    assert IGNORE_SAID.search("f(x)  # type: ignore[arg-type]  # the stub is older than the driver")
    assert NOQA_SAID.search("except Exception:  # noqa: BLE001  # the edge answers for all")


def thousands(*folders: str) -> float:
    """Thousands of code lines, at least one: a young tree has its ration too."""
    return max(1.0, sum(len(source.code) for source in sources(*folders)) / 1000)


def marks(pattern: re.Pattern[str], *folders: str) -> int:
    """How many lines have the mark."""
    return len(lines_with(pattern, *folders))


def unsaid(mark: re.Pattern[str], said: re.Pattern[str], *folders: str) -> list[str]:
    """Marks without their code and reason."""
    return [row for row in lines_with(mark, *folders) if not said.search(row)]


def lines_with(pattern: re.Pattern[str], *folders: str) -> list[str]:
    """Every line that matches, with its place."""
    numbered = [(s.name, n, line) for s in sources(*folders) for n, line in enumerate(s.lines, 1)]
    return [f"{name}:{n} {line.strip()}" for name, n, line in numbered if pattern.search(line)]


def any_lines(source: Source) -> set[int]:
    """Lines that use the type that switches checking off, its import aside."""
    nodes = [node for node in ast.walk(source.tree) if isinstance(node, ast.Name | ast.Attribute)]
    return {node.lineno for node in nodes if "Any" in {getattr(node, "id", ""), getattr(node, "attr", "")}}


def asserts(source: Source) -> list[ast.Assert]:
    """Every assert statement."""
    return [node for node in ast.walk(source.tree) if isinstance(node, ast.Assert)]


def nouns(folder: str, stem: str) -> set[str]:
    """The words that a path is named with."""
    return {folder, stem, *stem.split("_")}
