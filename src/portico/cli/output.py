"""What commands print: results on standard output, progress and failures on standard error."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from rich.console import Console

WIDE = 160
"""Columns of prose where the output goes to a file or another program."""
Cells = Sequence[str]


def printer(width: int = WIDE) -> "Console":
    """Prints text as it is, brackets and all; as wide as the terminal, or as said where there is none."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else width, markup=False, highlight=False, emoji=False)


def print_table(headings: Cells, rows: Sequence[Cells], *, title: str = "", lines: bool = False) -> None:
    """Print rows beneath their headings; no word of them is ever cut, as an id may be what the next command takes.

    Where the output goes to a file or another program, a table is as wide as it needs. Where a terminal is too narrow,
    each row becomes a block of lines.
    """
    from rich.table import Table

    columns = [Width.of(cells) for cells in zip(headings, *rows, strict=True)]
    frame = 3 * len(columns) + 1
    out = printer(sum(column.whole for column in columns) + frame)
    if title:
        out.print(title)
    widths = fitted(columns, out.width - frame)
    if not widths:
        _print_blocks(out, headings, rows)
        return
    table = Table(show_lines=lines)
    for heading, width in zip(headings, widths, strict=True):
        table.add_column(heading, width=width)
    for row in rows:
        table.add_row(*row)
    out.print(table)


class Width(NamedTuple):
    """How wide a column is: by its longest word, by its longest line."""

    least: int
    whole: int

    @classmethod
    def of(cls, cells: Cells) -> "Width":
        """Measure it, as a terminal shows it."""
        from rich.cells import cell_len

        words = [cell_len(word) for cell in cells for word in cell.split()]
        return cls(max(words, default=0), max(cell_len(line) for cell in cells for line in cell.split("\n")))


def fitted(columns: Sequence[Width], room: int) -> list[int]:
    """How wide each column becomes, where all have so much room; none where a word would be cut."""
    if sum(column.least for column in columns) > room:
        return []
    widths = [column.whole for column in columns]
    while sum(widths) > room:
        spare = [width - column.least for width, column in zip(widths, columns, strict=True)]
        widths[spare.index(max(spare))] -= 1
    return widths


def _print_blocks(out: "Console", headings: Cells, rows: Sequence[Cells]) -> None:
    from rich.table import Table

    blocks = Table.grid(padding=(0, 2))
    blocks.add_column(no_wrap=True)
    blocks.add_column(overflow="fold")
    for row in rows:
        for heading, cell in zip(headings, row, strict=True):
            blocks.add_row(heading, cell)
        blocks.add_row()
    out.print(blocks)


def report(line: str) -> None:
    """Tell what was done."""
    click.echo(f"  {line}", err=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Show that something long goes on, and how long it took."""
    click.echo(f"{what} …", err=True)
    began = time.monotonic()
    yield
    if (taken := time.monotonic() - began) >= 1:
        click.echo(f"  done in {taken:.1f} s", err=True)
