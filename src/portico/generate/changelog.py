"""What changed from version to version, drawn from the declarations: as Markdown, and as a page."""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from typing import NamedTuple, get_type_hints

from pydantic import BaseModel

from portico.core.module import Module
from portico.core.version import Change, Reshape, Version

STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{text-align:left;padding:.2rem 1rem .2rem 0}"
    "@media (prefers-color-scheme:dark){body{background:#111;color:#eee}a{color:#8cf}}"
)
POLICY = f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
"""The page's own content security policy: this style, and nothing else."""


class Entry(NamedTuple):
    """One change of one module, in a version."""

    module: Module
    version: str
    change: Change


def entries(modules: Iterable[Module]) -> list[Entry]:
    """Every change, the latest first."""
    found = [Entry(m, v.name, change) for m in modules for v in m.versions for change in v.changes]
    return sorted(found, key=lambda entry: (-entry.change.on.toordinal(), entry.module.name))


def versions(modules: Iterable[Module]) -> list[tuple[str, Version]]:
    """Each version of each module, by module, the oldest first."""
    return [(module.name, version) for module in modules for version in module.versions]


def markdown(modules: Sequence[Module]) -> str:
    """The versions and what changed, as Markdown."""
    lines = ["| module | version | released | deprecated | ends |", "|---|---|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in _rows(modules)]
    for entry in entries(modules):
        lines += ["", f"## {_heading(entry)}", "", entry.change.what]
        lines += _list([f"- {said}" for said in _shapes(entry)])
    return "\n".join(lines) + "\n"


def page(name: str, modules: Sequence[Module]) -> str:
    """The same as a page of HTML."""
    title = f"{escape(name)}: what changed"
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    parts = [f"{head}<title>{title}</title><style>{STYLE}</style><main><h1>{title}</h1>"]
    rows = _rows(modules)
    if not rows:
        parts.append("<p>There is one version; nothing has changed.</p>")
    else:
        titles = "".join(f"<th scope=col>{word}" for word in ("Module", "Version", "Released", "Deprecated", "Ends"))
        body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}' for cell in row)}" for row in rows)
        parts.append(f"<table><thead><tr>{titles}<tbody>{body}</table>")
    for entry in entries(modules):
        parts.append(f"<h2>{escape(_heading(entry))}</h2><p>{escape(entry.change.what)}</p><ul>")
        parts += [f"<li>{escape(said)}" for said in _shapes(entry)]
        parts.append("</ul>")
    return "".join([*parts, "</main></html>"])


def _rows(modules: Sequence[Module]) -> list[tuple[str, ...]]:
    return [
        (name, version.name, _day(version.released), _day(version.deprecated), _day(version.sunset))
        for name, version in versions(modules)
    ]


def _day(day: date | None) -> str:
    return day.isoformat() if day else "–"


def _heading(entry: Entry) -> str:
    return f"{entry.change.on.isoformat()} · {entry.module.name} {entry.version}"


def _shapes(entry: Entry) -> Iterator[str]:
    """What answers and inputs have that they had not, and the other way round."""
    for function in entry.change.answers:
        new, old = _ends(function)
        yield f"Answers: {_difference(old, new)}."
    for function in entry.change.inputs:
        old, new = _ends(function)
        yield f"Input: {_difference(old, _taken(entry.module, new))}."


def _taken(module: Module, shape: object) -> object:
    """The shape that callers send where this one is made of an older one: an action's own, of which it is a kind."""
    inputs = {
        hint for action in module.actions for hint in get_type_hints(action.handler).values() if isinstance(hint, type)
    }
    kinds = shape.__mro__ if isinstance(shape, type) else ()
    return next((kind for kind in kinds if kind in inputs), shape)


def _ends(function: Reshape) -> tuple[object, object]:
    hints = get_type_hints(function)
    target = hints.pop("return")
    return next(iter(hints.values())), target


def _difference(old: object, new: object) -> str:
    before, after = _members(old), _members(new)
    gained = [name for name in after if name not in before]
    lost = [name for name in before if name not in after]
    parts = [f"{_name(old)} becomes {_name(new)}"]
    parts += [f"with {', '.join(gained)}"] if gained else []
    parts += [f"without {', '.join(lost)}"] if lost else []
    return "; ".join(parts)


def _name(shape: object) -> str:
    return str(getattr(shape, "__name__", shape))


def _members(shape: object) -> list[str]:
    return list(shape.model_fields) if isinstance(shape, type) and issubclass(shape, BaseModel) else []


def _list(items: list[str]) -> list[str]:
    return ["", *items] if items else []
