"""What is written twice is mended once: long identical runs are counted."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from tests.house.tree import Source, sources

RUN, PAIRS = 6, 5

Place = tuple[str, int]


def test_source_repeats_itself_rarely() -> None:
    """At most 5 pairs of places in the source share 6 or more lines in a row."""
    found = repeats(sources("src"))

    assert len(found) <= PAIRS, "\n".join(found)


def test_the_detector_sees_a_run_once() -> None:
    """A shared run of eight lines is one pair, whatever stands around it and however it is indented."""
    shared = [f"call_{n}()" for n in range(8)]
    one = Source("one.py", "\n".join(["import a", "first()", *shared]))
    two = Source("two.py", "\n".join(["def f():", *[f"    {line}" for line in shared], "    last()"]))

    assert repeats([one, two]) == ["one.py:3 = two.py:2"]


def test_the_detector_leaves_short_runs_alone() -> None:
    """Five lines alike are no repetition yet."""
    shared = "\n".join(f"call_{n}()" for n in range(5))

    assert repeats([Source("one.py", shared), Source("two.py", shared)]) == []


def repeats(found: Iterable[Source]) -> list[str]:
    """Every pair of places where a shared run begins."""
    where: dict[tuple[str, ...], list[tuple[Place, int]]] = defaultdict(list)
    for source in found:
        lines = code_lines(source)
        for at in range(len(lines) - RUN + 1):
            where[tuple(text for _, text in lines[at : at + RUN])].append(((source.name, at), lines[at][0]))
    alike = [pair for places in where.values() for pair in combinations(places, 2) if apart(*pair)]
    known = {(one[0], two[0]) for one, two in alike}
    starts = [(one, two) for one, two in alike if (before(one[0]), before(two[0])) not in known]
    return sorted(f"{one[0][0]}:{one[1]} = {two[0][0]}:{two[1]}" for one, two in starts)


def code_lines(source: Source) -> list[tuple[int, str]]:
    """Number and text of every code line that is no import."""
    numbered = [(n, source.lines[n - 1].strip()) for n in sorted(source.code)]
    return [(n, text) for n, text in numbered if not text.startswith(("import ", "from "))]


def apart(one: tuple[Place, int], two: tuple[Place, int]) -> bool:
    """Whether two windows do not overlap."""
    return one[0][0] != two[0][0] or abs(one[0][1] - two[0][1]) >= RUN


def before(place: Place) -> Place:
    """The place one line up."""
    return place[0], place[1] - 1
