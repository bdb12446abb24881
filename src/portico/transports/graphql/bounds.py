"""How large a document may be: depth, aliases and cost, counted before anything of it runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from portico.ports.paging import MOST

PAGE = 20
PAGES = ("edges", "nodes")
SIZES = ("first", "last")
WORDS = {"aliases": "number of aliases"}
TOO_LARGE = "GRAPHQL_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one request may ask for."""

    depth: int
    """Fields within fields; `edges` and `nodes` of a connection count for nothing."""
    aliases: int
    cost: int
    """Fields that the answer may hold: those of a list count for each thing that it may give."""
    tokens: int
    size: int
    """Characters."""


class Extent(NamedTuple):
    """How large a selection is."""

    depth: int = 0
    aliases: int = 0
    cost: int = 0


@dataclass(slots=True)
class Measure:
    """Measures the operations of one document; a fragment is measured once, however often it is spread."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    known: dict[str, Extent] = field(default_factory=dict)

    def operation(self, operation: OperationDefinitionNode) -> Extent:
        """The whole of an operation."""
        return self.selection(operation.selection_set, self.schema.get_root_type(operation.operation))

    def selection(self, chosen: SelectionSetNode, parent: object, size: int = PAGE) -> Extent:
        """All that is chosen of a type; `size` is that of the page where it is a connection."""
        parts = list(self._parts(chosen, parent, size))
        depth = max((part.depth for part in parts), default=0)
        return Extent(depth, sum(part.aliases for part in parts), sum(part.cost for part in parts))

    def _parts(self, chosen: SelectionSetNode, parent: object, size: int) -> Iterator[Extent]:
        for node in chosen.selections:
            if isinstance(node, FieldNode):
                yield self._field(node, parent, size)
            elif isinstance(node, InlineFragmentNode):
                named = node.type_condition.name.value if node.type_condition else ""
                yield self.selection(node.selection_set, self.schema.get_type(named) or parent, size)
            elif isinstance(node, FragmentSpreadNode):
                yield self._fragment(node.name.value, size)

    def _fragment(self, name: str, size: int) -> Extent:
        """One that spreads itself is refused by the validation; here it ends."""
        fragment, key = self.fragments.get(name), f"{name} {size}"
        if fragment is not None and key not in self.known:
            self.known[key] = Extent()
            on = self.schema.get_type(fragment.type_condition.name.value)
            self.known[key] = self.selection(fragment.selection_set, on, size)
        return self.known.get(key, Extent())

    def _field(self, node: FieldNode, parent: object, size: int) -> Extent:
        name = node.name.value
        if name.startswith("__"):
            return Extent()
        kind = _kind_of(parent, name)
        page = _page_of(node)
        inner = self.selection(node.selection_set, kind, page) if node.selection_set else Extent()
        paged = name in PAGES and isinstance(parent, GraphQLObjectType) and parent.name.endswith("Connection")
        times = size if paged else 1
        depth = inner.depth + (0 if paged or name == "node" else 1)
        return Extent(depth, inner.aliases + (node.alias is not None), 1 + times * inner.cost)


def check_bounds(schema: GraphQLSchema, document: DocumentNode, bounds: Bounds) -> list[GraphQLError]:
    """What is too large about the document."""
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    measure = Measure(schema, fragments)
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    return [error for operation in operations for error in _exceeded(measure.operation(operation), bounds)]


def _exceeded(extent: Extent, bounds: Bounds) -> Iterator[GraphQLError]:
    for name in Extent._fields:
        found, most = getattr(extent, name), getattr(bounds, name)
        if found > most:
            yield too_large(f"The operation's {WORDS.get(name, name)} is {found}, and at most {most} is taken.")


def too_large(message: str) -> GraphQLError:
    """The refusal of what is larger than the settings allow."""
    return GraphQLError(message, extensions={"code": TOO_LARGE})


def _kind_of(parent: object, name: str) -> GraphQLOutputType | None:
    known = parent.fields.get(name) if isinstance(parent, GraphQLObjectType) else None
    return get_named_type(known.type) if known is not None else None


def _page_of(node: FieldNode) -> int:
    """How many things the field may give; what a variable says is not known, and so the most."""
    for argument in node.arguments or ():
        if argument.name.value in SIZES:
            if isinstance(argument.value, IntValueNode):
                digits = argument.value.value.lstrip("-")
                return min(int(digits), MOST) if len(digits) <= len(str(MOST)) else MOST
            if isinstance(argument.value, VariableNode):
                return MOST
    return PAGE
