"""`portico settings`: what an operator may set, and what is set."""

import click

from portico.cli.output import printer

MASK = "********"


@click.command()
def settings() -> None:
    """List every setting: environment variable, type, default, value, meaning; secrets are masked."""
    from rich.table import Table

    from portico.app.settings import Settings, read_settings

    now = read_settings()
    table = Table("Variable", "Type", "Default", "Now", "Meaning", show_lines=True)
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        table.add_row(
            name.upper(), _kind(field.annotation), _said(default), _said(getattr(now, name)), field.description or ""
        )
    printer().print(table)


def _kind(annotation: object) -> str:
    text = getattr(annotation, "__name__", None) if not getattr(annotation, "__args__", ()) else None
    shown = text or str(annotation).replace("typing.", "")
    return shown.replace("pydantic.types.SecretStr", "secret").replace("ipaddress.", "").replace("pathlib.", "")


def _said(value: object) -> str:
    from pydantic import SecretStr

    if value is None or value in ((), {}):
        return "–"
    if isinstance(value, SecretStr):
        return MASK
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
