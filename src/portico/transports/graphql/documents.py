"""Documents: parsed, held against schema and bounds, and kept, for the same ones come again and again."""

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)

from portico.transports.graphql.bounds import Bounds, check_bounds, too_large

KEPT = 500
"""Documents that one process holds."""
MOST_ERRORS = 10
UNLISTED, NOT_FOUND = "Only known documents are taken here.", "PERSISTED_QUERY_NOT_FOUND"
PARSE, VALIDATE = "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"
VALUE = re.compile(
    r"(?P<upto>(?:represent|cannot parse) [^:]*): .*"
    r"|(?P<dropped>, found: .*|, but encountered error .*)"
    r"|\bValue '\w*'(?P<enum> does not exist in '\w+' enum)\..*"
    r"|(?<=\?) Found: .*",
    re.DOTALL,
)
"""Where the validation says what was written."""
TOKEN = re.compile(r"(?:(?<=String)|(?<=Int)|(?<=Float)) '.*|(?:, did you mean '0|: '\\).*", re.DOTALL)
"""Where the parser does."""


class Refused(Exception):  # says what happened
    """A request that GraphQL does not run: its errors, and the status of one that is no well-formed request."""

    def __init__(self, errors: Sequence[GraphQLError], status: int | None = None, allow: str = "") -> None:
        """`status` is None where the request is well formed, and only its document or its variables are wrong."""
        super().__init__(errors[0].message)
        self.errors = errors
        self.status = status
        self.allow = allow

    @classmethod
    def because(cls, message: str, code: str, *, status: int | None = None, allow: str = "") -> "Refused":
        """One reason."""
        return cls([GraphQLError(message, extensions={"code": code})], status, allow)


@dataclass(frozen=True, slots=True)
class Documents:
    """Reads documents for one schema."""

    schema: GraphQLSchema
    bounds: Bounds
    explore: bool
    """Whether the schema may be asked for, and wrong names are answered with those that were perhaps meant."""
    listed: Mapping[str, str] | None
    """The only documents that are taken, by their SHA-256; None: all are."""
    _known: "OrderedDict[str, DocumentNode]"

    @classmethod
    def of(
        cls, schema: GraphQLSchema, bounds: Bounds, *, explore: bool, listed: Mapping[str, str] | None
    ) -> "Documents":
        """None is known yet."""
        return cls(schema, bounds, explore, listed, OrderedDict())

    def text(self, query: str | None, digest: str | None) -> str:
        """The document that is meant; raises Refused where it is not on the list, or is not what the hash says."""
        if query is None:
            known = (self.listed or {}).get(digest or "")
            if known is None:
                raise Refused.because(UNLISTED, NOT_FOUND)
            return known
        if digest is not None and sha256(query.encode()).hexdigest() != digest:
            raise Refused.because("The hash is another document's.", "BAD_REQUEST", status=400)
        return query

    def read(self, text: str) -> DocumentNode:
        """The document; raises Refused where it is wrong, too large, or not on the list."""
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
            return known
        if len(text) > self.bounds.size:
            raise Refused([too_large(f"The document is longer than {self.bounds.size} characters.")])
        if self.listed is not None and sha256(text.encode()).hexdigest() not in self.listed:
            raise Refused.because(UNLISTED, NOT_FOUND)
        document = self._checked(self._parsed(text))
        self._known[text] = document
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return document

    def _parsed(self, text: str) -> DocumentNode:
        try:
            return parse(text, max_tokens=self.bounds.tokens)
        except GraphQLSyntaxError as error:
            error.extensions = {"code": PARSE}
            error.message = TOKEN.sub(".", error.message)
            raise Refused([error]) from None
        except RecursionError:
            raise Refused([too_large("The document is nested too deeply.")]) from None

    def _checked(self, document: DocumentNode) -> DocumentNode:
        rules: list[type[ASTValidationRule]] = [*specified_rules]
        if not self.explore:
            rules.append(NoSchemaIntrospectionCustomRule)
        errors = check_bounds(self.schema, document, self.bounds)
        errors = errors or validate(self.schema, document, rules, MOST_ERRORS, hide_suggestions=not self.explore)
        if errors:
            raise Refused([_told(error) for error in errors])
        return document


def operation_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation to run; raises Refused where it is none, or one of several."""
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    wanted = [o for o in operations if name is None or (o.name is not None and o.name.value == name)]
    if len(wanted) != 1:
        words = "Please say which operation is to run." if wanted else "There is no operation of that name."
        raise Refused.because(words, "GRAPHQL_OPERATION_UNKNOWN")
    return wanted[0]


def _told(error: GraphQLError) -> GraphQLError:
    """The error with a code, and without the value that somebody has written."""
    error.extensions = {"code": VALIDATE, **(error.extensions or {})}
    error.message = VALUE.sub(_without_value, error.message)
    return error


def _without_value(said: re.Match[str]) -> str:
    if said["enum"]:
        return f"The value{said['enum']}."
    return f"{said['upto'] or ''}." if said["upto"] or said["dropped"] else ""
