"""The files of the npm package."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files

from portico.core.plan import Plan
from portico.generate.openapi.schemas import Schema, Schemas, collect
from portico.generate.typescript.actions import SHOWN, action_lines, has_members
from portico.generate.typescript.hooks import hook_lines
from portico.generate.typescript.names import action_name, check_names, model_name
from portico.generate.typescript.types import comment, members_of, said_of, type_of

DRAWN = "// Drawn by `portico client ts`: change the actions, and draw it again."
DOORS = {".": "index", "./query": "query", "./react": "react", "./hooks": "hooks", "./mocks": "mocks"}
SHIPPED = (
    "src/runtime.ts",
    "src/query.ts",
    "src/react.ts",
    "src/mocks.ts",
    "test/client.test.ts",
    "tsconfig.json",
    "README.md",
)
"""Files that are the same for every application."""


HOOKS_USE = {
    "@tanstack/react-query": ["type QueryClient"],
    "./actions.ts": ["* as actions"],
    "./query.ts": ["type Changes", "mutationOf", "optionsOf"],
    "./react.ts": ["type QueryHookOptions", "useAction", "useChange", "useEndless"],
    "./runtime.ts": ["type Client"],
}
"""What hooks may need of other files."""
SAID = re.compile(r" *(?:/\*\*|\*)")
"""A line of a comment."""


def in_client(plan: Plan) -> bool:
    """Whether programs call it, or listen to it: pages are for people, jobs for workers, exports for files."""
    page = plan.codec.page or plan.codec.redirect
    return plan.action.kind in {"query", "mutation", "subscription"} and not page and bool(plan.action.place.prefix)


def package(name: str, plans: Iterable[Plan]) -> Mapping[str, str]:
    """Every file's text by its path; the same for the same actions. Raises Misconfigured where two names collide."""
    told = sorted((plan for plan in plans if in_client(plan)), key=lambda plan: plan.action.name)
    schemas = collect(told)
    check_names(told, schemas.definitions)
    own = files("portico.generate.typescript") / "package"
    drawn = {
        "package.json": _manifest(name) + "\n",
        "src/types.ts": _text(_types(schemas.definitions)),
        "src/actions.ts": _text(_actions(told, schemas)),
        "src/hooks.ts": _text(_hooks([plan for plan in told if plan.action.kind != "subscription"])),
        "src/index.ts": _text(_index()),
    }
    shipped = {file: own.joinpath(file).read_text(encoding="utf-8") for file in SHIPPED}
    return {**drawn, **shipped, "README.md": _readme(shipped["README.md"], name, told, schemas=schemas)}


def _readme(text: str, name: str, plans: Sequence[Plan], *, schemas: Schemas) -> str:
    """With a call of the application's own: a list where it has one, else a query, else whatever it has."""
    shown = min(plans, key=lambda plan: (not plan.codec.sliced, plan.action.kind != "query"), default=None)
    example, given = ("action", "input") if shown is None else (action_name(shown), _given(shown, schemas))
    for mark, word in (("name", name), ("example", example), ("input", given)):
        text = text.replace(f"{{{{{mark}}}}}", word)
    return text


def _given(plan: Plan, schemas: Schemas) -> str:
    """An input as an example writes it: as empty as it may be."""
    if not has_members(plan):
        return "undefined"
    members = ((parameter, member) for parameter in plan.binder.parameters for member in parameter.members)
    asked = any(m.source == "path" or schemas.member(plan, p, m)[1] for p, m in members if m.source in SHOWN)
    return "input" if asked else "{}"


def _text(lines: Iterable[str]) -> str:
    return "\n".join([DRAWN, *lines, ""])


def _types(definitions: Schema) -> Iterator[str]:
    """Every model by its name; dates, times and UUIDs are texts. A file that exports nothing would be no module."""
    if not definitions:
        yield "export {};"
    for key in sorted(definitions, key=model_name):
        schema = definitions[key]
        yield ""
        yield from comment(said_of(schema))
        if schema.get("type") == "object" and schema.get("properties"):
            yield f"export interface {model_name(key)} {{"
            yield from members_of(schema)
            yield "}"
        else:
            yield f"export type {model_name(key)} = {type_of(schema)};"


def _actions(plans: list[Plan], schemas: Schemas) -> Iterator[str]:
    body = [line for plan in plans for line in ("", *action_lines(plan, schemas))]
    text = "\n".join(line for line in body if not SAID.match(line))
    models = sorted(name for name in map(model_name, schemas.definitions) if _uses(text, name))
    if models:
        yield f'import type {{ {", ".join(models)} }} from "./types.ts";'
    known = ("CursorMeta", "Done", "NumberedMeta", "Operation", "Page", "Refusal")
    wanted = ", ".join(name for name in known if _uses(text, name))
    yield f'import type {{ {wanted} }} from "./runtime.ts";'
    yield from body


def _uses(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


def _hooks(plans: list[Plan]) -> Iterator[str]:
    """Hooks of queries and mutations, with what they use alone: a program may forbid imports that are not."""
    body = [line for plan in plans for line in ("", *hook_lines(plan))]
    text = "\n".join(line for line in body if not SAID.match(line))
    for file, names in HOOKS_USE.items():
        if used := [name for name in names if _uses(text, name.removeprefix("type ").removeprefix("* as "))]:
            yield _import(used, file)
    yield from body or ["export {};"]


def _import(names: list[str], file: str) -> str:
    """An import; one of types alone says so."""
    if names[0].startswith("*"):
        return f'import {names[0]} from "{file}";'
    types = "type " if all(name.startswith("type ") for name in names) else ""
    said = ", ".join(name.removeprefix(types) if types else name for name in names)
    return f'import {types}{{ {said} }} from "{file}";'


def _index() -> Iterator[str]:
    yield 'export * from "./actions.ts";'
    yield 'export * from "./runtime.ts";'
    yield 'export type * from "./types.ts";'


def _manifest(name: str) -> str:
    peers = {"@tanstack/react-query": "^5.90.0", "msw": "^2.10.0", "react": ">=19"}
    return json.dumps(
        {
            "name": f"@{name}/client",
            "version": "0.0.0",
            "description": f"The actions of {name}, typed.",
            "private": True,
            "type": "module",
            "sideEffects": False,
            "engines": {"node": ">=22.18"},
            "files": ["dist", "src"],
            "exports": {door: _export(file) for door, file in DOORS.items()},
            "scripts": {"build": "tsc -p .", "test": "node --test test/*.test.ts"},
            "peerDependencies": peers,
            "peerDependenciesMeta": {peer: {"optional": True} for peer in peers},
            "devDependencies": {**peers, "@types/react": "^19.2.0", "typescript": "^7.0.2"},
        },
        indent=2,
    )


def _export(file: str) -> dict[str, str]:
    return {"types": f"./dist/{file}.d.ts", "default": f"./dist/{file}.js"}
