"""What commands print: results on standard output, progress and failures on standard error."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

WIDE = 160
"""Columns where the output goes to a file or another program."""


def printer() -> "Console":
    """Prints tables; text is printed as it is, brackets and all."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else WIDE, markup=False, highlight=False, emoji=False)


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
