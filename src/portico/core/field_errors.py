"""Pydantic's findings as stable codes; what the caller sent is never repeated."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from portico.errors import FieldError

TAG_INVALID, TAG_MISSING = "union_tag_invalid", "union_tag_not_found"
UNKNOWN = object()
"""What was sent, where it is not at hand."""
MOST = 100
"""So many findings are reported, no more."""
FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("VAL_REQUIRED_FIELD", ("missing", "missing_argument", TAG_MISSING)),
    ("VAL_TOO_LONG", ("string_too_long", "too_long", "bytes_too_long")),
    ("VAL_TOO_SHORT", ("string_too_short", "too_short", "bytes_too_short")),
    ("VAL_TOO_SMALL", ("greater_than", "greater_than_equal")),
    ("VAL_TOO_LARGE", ("less_than", "less_than_equal")),
    ("VAL_INVALID_STEP", ("multiple_of",)),
    ("VAL_INVALID_CHOICE", ("literal_error", "enum", TAG_INVALID)),
    ("VAL_UNKNOWN_FIELD", ("extra_forbidden", "unexpected_keyword_argument")),
    ("VAL_TIMEZONE_REQUIRED", ("timezone_aware",)),
    ("VAL_TIMEZONE_UNWANTED", ("timezone_naive",)),
    ("VAL_NOT_PAST", ("date_past", "datetime_past")),
    ("VAL_NOT_FUTURE", ("date_future", "datetime_future")),
    ("VAL_INVALID_JSON", ("json_invalid",)),
)
CODES = {kind: code for code, kinds in FAMILIES for kind in kinds}
SHORT = frozenset({"string_too_short", "too_short"})
COUNTED = frozenset({"too_long", "too_short"})
TEXT = "Value"
"""What Pydantic calls a secret text, whose length it counts as that of a list."""
LIMITS = ("max_length", "min_length", "ge", "gt", "le", "lt", "multiple_of")
ALL_CODES = (*(code for code, _ in FAMILIES), "VAL_INVALID_FORMAT", "VAL_INVALID_VALUE")


def from_pydantic(
    problem: ValidationError, prefix: Sequence[str] = (), *, sent: object = None
) -> dict[str, list[FieldError]]:
    """Every finding under its dotted path; `sent` is what was validated, where that is at hand."""
    found: dict[str, list[FieldError]] = {}
    for detail in problem.errors(include_url=False, include_input=False)[:MOST]:
        path, finding = path_of((*prefix, *_places(detail, sent))), _finding(detail)
        known = found.setdefault(path, [])
        if not any(_is_same(finding, other) for other in known):  # each kind of a union may say it
            known.append(finding)
    return found


def _is_same(one: FieldError, other: FieldError) -> bool:
    """Whether a reader would see no difference."""
    return (one.code, one.params, one.message, one.wording) == (other.code, other.params, other.message, other.wording)


def _places(detail: ErrorDetails, sent: object) -> Iterator[object]:
    """Where it stands in what was sent: Pydantic names a kind of a union besides, and not the member that tells it."""
    parts, node = detail["loc"], UNKNOWN if sent is None else sent
    for number, part in enumerate(parts, 1):
        if _is_kind(part, node, last=number == len(parts)):
            continue
        if isinstance(node, Mapping):
            node = node.get(part, UNKNOWN)
        else:
            node = node[part] if isinstance(node, list) and isinstance(part, int) and part < len(node) else UNKNOWN
        yield part
    member = str(detail.get("ctx", {}).get("discriminator", "")).strip("'")
    if detail["type"] in {TAG_INVALID, TAG_MISSING} and member.isidentifier():
        yield member


def _is_kind(part: object, node: object, *, last: bool) -> bool:
    """Whether it names a kind of what was sent: a member stands in an object, and there if more stands within it."""
    if not isinstance(part, str) or node is UNKNOWN:
        return False
    return part not in node and (not last or part in node.values()) if isinstance(node, Mapping) else True


def path_of(parts: Iterable[object]) -> str:
    """The dotted path of a member; of no member, the body's."""
    return ".".join(str(part)[:100] for part in parts) or "body"


def _finding(detail: ErrorDetails) -> FieldError:
    kind = detail["type"]
    context = detail.get("ctx", {})
    if kind.startswith(("VAL_", "BIZ_")):
        return FieldError(kind, dict(context), default=detail["msg"])
    if kind in {"value_error", "assertion_error"}:
        author = context.get("error")
        if isinstance(author, Exception) and str(author):
            return FieldError("VAL_INVALID_VALUE", message=str(author))
        return FieldError("VAL_INVALID_FORMAT")
    expected = context.get("expected") or context.get("expected_tags")
    params: dict[str, object] = {"expected": expected} if expected else {}
    if (limit := next((name for name in LIMITS if name in context), None)) is not None:
        params["limit"] = context[limit]
    return FieldError(CODES.get(kind, "VAL_INVALID_FORMAT"), params, wording=_wording(kind, context))


def _wording(kind: str, context: Mapping[str, Any]) -> str:
    """What is said otherwise under the same code: of nothing at all, of lists, of a limit that is itself refused."""
    if kind in COUNTED and context.get("field_type") != TEXT:
        return f"{CODES[kind]}.items"
    if kind in SHORT and context.get("min_length") == 1:
        return "VAL_TOO_SHORT.empty"
    return {"greater_than": "VAL_TOO_SMALL.above", "less_than": "VAL_TOO_LARGE.below"}.get(kind, "")
