"""Every public name says what a caller needs to know."""

import ast
from collections.abc import Iterator

from tests.house.tree import Function, Source, sources

Named = ast.ClassDef | Function


def test_every_public_name_has_a_docstring() -> None:
    """Modules, classes, functions and methods of Portico and the Salon: 100 %."""
    assert [row for source in sources("src", "salon/src") for row in unsaid(source)] == []


def test_the_measure_sees_what_says_nothing() -> None:
    """A bare module, class, function and method are reported, async ones too."""
    text = "class Door:\n    def open(self): ...\n    def _shut(self): ...\n\nasync def enter(): ...\n"

    assert unsaid(Source("sample.py", text)) == [
        "sample.py",
        "sample.py:1 Door",
        "sample.py:2 Door.open",
        "sample.py:5 enter",
    ]


def test_the_measure_leaves_private_names_alone() -> None:
    """What no caller can name, and the body of an overload, need none."""
    text = '''"""Said."""

def _own(): ...

@overload
def open(): ...

def shut():
    """Said."""
    def inner(): ...
'''

    assert unsaid(Source("sample.py", text)) == []


def unsaid(source: Source) -> list[str]:
    """Every public name without a docstring, the module itself first."""
    module = [] if ast.get_docstring(source.tree) is not None or not source.text.strip() else [source.name]
    named = [(name, node) for name, node in public(source.tree.body) if ast.get_docstring(node) is None]
    return module + [f"{source.name}:{node.lineno} {name}" for name, node in named]


def public(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, Named]]:
    """Public classes and functions of a body, and the members of those classes; not what a function keeps to itself."""
    for node in body:
        if not isinstance(node, Named) or node.name.startswith("_") or is_overload(node):
            continue
        yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from public(node.body, f"{prefix}{node.name}.")


def is_overload(node: Named) -> bool:
    """Whether the implementation beneath speaks for this signature."""
    return any(ast.unparse(mark).endswith("overload") for mark in node.decorator_list)
