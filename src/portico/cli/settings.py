"""`portico settings`: what an operator may set, and what is set."""

import os
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

import click

from portico.cli.output import print_table, report

MASK = "********"


@click.command()
def settings() -> None:
    """List every setting: environment variable, type, default, value, meaning; secrets are masked."""
    from portico.app.misspelled import strangers
    from portico.app.settings import Settings, read_settings

    now = read_settings()
    rows = []
    for name, field in Settings.model_fields.items():
        default, meaning = field.get_default(call_default_factory=True), field.description or ""
        rows.append((name.upper(), _kind(field.annotation), _said(default), _said(getattr(now, name)), meaning))
    print_table(("Variable", "Type", "Default", "Now", "Meaning"), rows, lines=True)
    for sentence in strangers(os.environ):
        report(sentence)


def _kind(annotation: object) -> str:
    """A type as a person would say it: without what checks it, and without None, which the default shows."""
    origin, within = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(within[0])
    if origin is Literal:
        return " | ".join(map(str, within))
    if origin in {Union, UnionType}:
        return " | ".join(_kind(each) for each in within if each is not NoneType)
    if within:
        return f"{_kind(origin)}[{', '.join(_kind(each) for each in within if each is not ...)}]"
    return "secret" if (name := getattr(annotation, "__name__", "")) == "SecretStr" else name


def _said(value: object) -> str:
    from pydantic import SecretStr

    if value is None or value in ((), {}):
        return "–"
    if isinstance(value, SecretStr):
        return MASK
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
