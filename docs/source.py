"""What the reference pages say of a name, read from its source: signature, docstring, fields, methods."""

import ast
import importlib
import inspect
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import cache
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import portico

WIDE = 100
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Field(NamedTuple):
    """A field of a class: as it is written in a signature, and what its docstring says."""

    name: str
    written: str
    said: str


class Entry(NamedTuple):
    """A name's place in the reference."""

    name: str
    signature: str
    said: str
    fields: tuple[Field, ...]
    members: tuple[tuple[str, str], ...]
    bases: tuple[str, ...] = ()
    """Public names whose fields and members it has too."""


def entry(module: str, name: str) -> Entry:
    """The entry of a public name."""
    node = find(module, name)
    if isinstance(node, ast.ClassDef):
        return of_class(getattr(importlib.import_module(module), name))
    if isinstance(node, Function):
        return Entry(name, call_of(name, node, bound=False), doc(node), (), ())
    alias = ast.unparse(node.value) if isinstance(node, ast.AnnAssign) and node.value else ""
    return Entry(name, f"{name} = {alias}", attribute_docs(tree(module).body).get(name, ""), (), ())


def of_class(kind: type) -> Entry:
    """The entry of a class; members of a base that has an entry itself are told there."""
    bases = [base for base in kind.__mro__[1:] if base.__module__.startswith("portico")]
    public = {name for base in bases if (name := base.__name__) in portico.__all__}
    told = {base for base in bases if any(base in getattr(portico, name).__mro__ for name in public)}
    classes, own = _nodes([kind, *bases]), _nodes([kind, *(base for base in bases if base not in told)])
    fields = _fields(classes) if not issubclass(kind, Enum) else _choices(classes[0])
    nearest = [b for b in bases if b.__name__ in public and not any(b in other.__mro__[1:] for other in bases)]
    names = tuple(base.__name__ for base in nearest)
    return Entry(kind.__name__, _made_by(kind, classes, fields), doc(classes[0]), fields, tuple(_members(own)), names)


def call_of(name: str, node: Function, *, bound: bool = True, wide: int = WIDE) -> str:
    """A call's signature; on one line where that is no wider."""
    arguments = node.args
    if bound:
        (arguments.posonlyargs or arguments.args)[:1] = []
    back = f" -> {_annotation(node.returns)}" if node.returns is not None else ""
    return _wrapped(name, _parameters(arguments), back, wide=wide)


def doc(node: ast.Module | ast.ClassDef | Function) -> str:
    """The docstring, as Markdown."""
    return ast.get_docstring(node) or ""


def find(module: str, name: str) -> ast.AST:
    """The statement of a module that makes the name."""
    for node in tree(module).body:
        if isinstance(node, ast.ClassDef | Function) and node.name == name:
            return node
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name:
            return node
    raise LookupError(f"{module} has no {name}")


def tree(module: str) -> ast.Module:
    """A module's syntax tree, whose nodes may be changed."""
    return ast.parse(_text(module))


def imported(module: str) -> dict[str, str]:
    """Which module each name comes from that a module imports."""
    nodes = [node for node in tree(module).body if isinstance(node, ast.ImportFrom) and node.module]
    return {alias.asname or alias.name: str(node.module) for node in nodes for alias in node.names}


def attribute_docs(body: Sequence[ast.stmt]) -> dict[str, str]:
    """The docstrings that stand beneath assignments, by name."""
    found: dict[str, str] = {}
    for node, after in pairwise(body):
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str):
            target: ast.expr | None = node.target if isinstance(node, ast.AnnAssign) else None
            target = node.targets[0] if isinstance(node, ast.Assign) else target
            if isinstance(target, ast.Name):
                found[target.id] = dedent(after.value.value).strip()
    return found


@cache
def _text(module: str) -> str:
    file = inspect.getsourcefile(importlib.import_module(module))
    return Path(file or "").read_text(encoding="utf-8")


def _nodes(kinds: Sequence[type]) -> list[ast.ClassDef]:
    nodes = [find(kind.__module__, kind.__name__) for kind in kinds]
    return [node for node in nodes if isinstance(node, ast.ClassDef)]


def _choices(node: ast.ClassDef) -> tuple[Field, ...]:
    return tuple(Field(name, name, said) for name, said in attribute_docs(node.body).items())


def _made_by(kind: type, classes: Sequence[ast.ClassDef], fields: Sequence[Field]) -> str:
    if getattr(kind, "_is_protocol", False) or issubclass(kind, Enum):
        return ""
    for node in classes:
        for method in node.body:
            if isinstance(method, Function) and method.name == "__init__":
                method.returns = None
                return call_of(kind.__name__, method)
    only = ["*"] if fields and issubclass(kind, Exception) else []
    return _wrapped(kind.__name__, only + [f.written for f in fields], "")


def _fields(classes: Sequence[ast.ClassDef]) -> tuple[Field, ...]:
    """Annotated members that are no class variables; a subclass keeps its base's order."""
    found: dict[str, Field] = {}
    for node in reversed(classes):
        said = attribute_docs(node.body)
        for member in node.body:
            if not isinstance(member, ast.AnnAssign) or "ClassVar" in ast.unparse(member.annotation):
                continue
            name = ast.unparse(member.target)
            default = f" = {ast.unparse(member.value)}" if member.value is not None else ""
            if not name.startswith("_"):
                before = found[name].said if name in found else ""
                written = f"{name}: {_annotation(member.annotation)}{default}"
                found[name] = Field(name, written, said.get(name, before))
    return tuple(found.values())


def _members(classes: Sequence[ast.ClassDef]) -> Iterator[tuple[str, str]]:
    """Public methods, as calls, and properties: signature and what they do."""
    seen: set[str] = set()
    for node in classes:
        for member in node.body:
            if isinstance(member, Function) and not member.name.startswith("_") and member.name not in seen:
                seen.add(member.name)
                yield _member(member), doc(member)


def _member(member: Function) -> str:
    marks = {ast.unparse(mark) for mark in member.decorator_list}
    if "property" in marks:
        return f"{member.name}: {_annotation(member.returns)}"
    awaited = "async " if isinstance(member, ast.AsyncFunctionDef) and "asynccontextmanager" not in marks else ""
    awaited = "async with " if "asynccontextmanager" in marks else awaited
    return awaited + call_of(member.name, member, bound="staticmethod" not in marks, wide=1000)


def _parameters(arguments: ast.arguments) -> list[str]:
    """Each parameter as it is written, the marks between the kinds among them."""
    before, between = arguments.posonlyargs, arguments.args
    defaults: list[ast.expr | None] = [None] * (len(before) + len(between) - len(arguments.defaults))
    defaults += arguments.defaults
    written = [_parameter(a, default) for a, default in zip([*before, *between], defaults, strict=True)]
    if before:
        written.insert(len(before), "/")
    if arguments.vararg is not None:
        written.append("*" + _parameter(arguments.vararg, None))
    elif arguments.kwonlyargs:
        written.append("*")
    written += [_parameter(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    return written + (["**" + _parameter(arguments.kwarg, None)] if arguments.kwarg is not None else [])


def _parameter(argument: ast.arg, default: ast.expr | None) -> str:
    text = argument.arg
    if argument.annotation is not None:
        text += f": {_annotation(argument.annotation)}"
    return text if default is None else f"{text} = {ast.unparse(default)}"


def _annotation(node: ast.expr | None) -> str:
    """A type as its author means it: quotes that only delay its reading are left out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    text = ast.unparse(node) if node is not None else ""
    return text if "Literal" in text else text.replace("'", "")


def _wrapped(name: str, parameters: Sequence[str], back: str, *, wide: int = WIDE) -> str:
    line = f"{name}({', '.join(parameters)}){back}"
    if len(line) <= wide or not parameters:
        return line
    return "\n".join([f"{name}(", *(f"    {parameter}," for parameter in parameters), f"){back}"])
