"""Tables of commands: nothing that the next command takes is cut, however narrow the terminal."""

import sys

import click
import pytest

from portico.cli.output import Width, fitted, print_table

ID = "b69a10c3-5f0e-7a41-9d3c-2f6a8b1c0d9e"
ADDRESS = "ann.of.the.long.address@example.com"
HEADINGS = ("State", "Who", "Why it failed", "Id")
ROW = ("dead", ADDRESS, "the other side has not answered in time, and nobody knows why", ID)


@pytest.mark.parametrize(("columns", "shape"), [(40, "blocks"), (80, "blocks"), (120, "table"), (200, "table")])
def test_a_terminal_is_shown_whole_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, columns: int, shape: str
) -> None:
    """As a table, whose sentences run over several lines; as a block of lines where that would cut a word."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))

    print_table(HEADINGS, [ROW])

    said = click.unstyle(capsys.readouterr().out)
    assert (ID in said, "…" in said) == (columns > 40, False)
    assert ID in "".join(said.split())
    assert ("│" in said) == (shape == "table")
    assert max(map(len, said.splitlines())) <= columns


def test_another_program_is_given_a_row_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A table is as wide as it needs, so that `grep` finds all of a row."""
    print_table(HEADINGS, [ROW, ("waiting", "bob@example.com", "–", ID)], title="Jobs [all]")

    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Jobs [all]"
    (line,) = [line for line in said if "dead" in line]
    assert [cell.strip() for cell in line.split("│")[1:-1]] == list(ROW)


@pytest.mark.parametrize(
    ("room", "widths"), [(100, [4, 36, 20]), (60, [4, 36, 20]), (55, [4, 36, 15]), (48, [4, 36, 8]), (47, [])]
)
def test_sentences_give_way_to_words(room: int, widths: list[int]) -> None:
    """Only what can go on in the next line becomes narrower."""
    assert fitted([Width.of(("Kind", "dead")), Width.of(("Id", ID)), Width(8, 20)], room) == widths


def test_a_column_is_measured_as_it_is_shown() -> None:
    """Line by line, word by word; a wide sign takes two places."""
    assert Width.of(("Policies", "Allow things:read\nAudit")) == (11, 17)
    assert Width.of(("Name", "沙龙")) == (4, 4)
    assert Width.of(("", "")) == (0, 0)
