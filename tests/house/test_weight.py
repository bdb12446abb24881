"""The tests weigh about half as much again as what they test."""

from tests.house.tree import sources

LEAST, MOST = 1.2, 1.7


def test_tests_and_source_stay_in_proportion() -> None:
    """Between 1.2 and 1.7 lines of tests for each line of source."""
    weight = lines("tests") / lines("src")

    assert LEAST <= weight <= MOST


def lines(folder: str) -> int:
    """Code lines beneath a folder."""
    return sum(len(source.code) for source in sources(folder))
