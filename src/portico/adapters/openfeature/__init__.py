"""The application's flags by way of OpenFeature, for code that speaks it already; needs the extra `openfeature`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import FlagResolutionDetails, FlagValueType, Reason
from openfeature.provider import AbstractProvider, Metadata

from portico.core.flags import Subject
from portico.errors import Misconfigured

T = TypeVar("T")
WHY_NOT = "Flags of Portico are on or off; ask for a boolean value."


class FlagProvider(AbstractProvider):
    """`api.set_provider(FlagProvider(app.is_on))`.

    The targeting key of the evaluation context is the user's id, its attribute `org` the organization's. A flag that
    the application does not declare has the default that the caller gives.
    """

    def __init__(self, is_on: Callable[[str, Subject], bool]) -> None:
        """`is_on` is the application's own."""
        super().__init__()
        self._is_on = is_on

    def get_metadata(self) -> Metadata:
        """Its name."""
        return Metadata(name="portico")

    def resolve_boolean_details(
        self,
        flag_key: str,
        default_value: bool,
        evaluation_context: EvaluationContext | None = None,
    ) -> FlagResolutionDetails[bool]:
        """Whether the flag is on for the subject of the context."""
        try:
            value = self._is_on(flag_key, _subject(evaluation_context))
        except Misconfigured as problem:
            return _failed(default_value, ErrorCode.FLAG_NOT_FOUND, str(problem))
        except ValueError as problem:
            return _failed(default_value, ErrorCode.INVALID_CONTEXT, str(problem))
        return FlagResolutionDetails(value=value, reason=Reason.TARGETING_MATCH, variant="on" if value else "off")

    def resolve_string_details(
        self, flag_key: str, default_value: str, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[str]:
        """There are no such flags."""
        return _failed(default_value, ErrorCode.TYPE_MISMATCH, WHY_NOT)

    def resolve_integer_details(
        self, flag_key: str, default_value: int, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[int]:
        """There are no such flags."""
        return _failed(default_value, ErrorCode.TYPE_MISMATCH, WHY_NOT)

    def resolve_float_details(
        self, flag_key: str, default_value: float, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[float]:
        """There are no such flags."""
        return _failed(default_value, ErrorCode.TYPE_MISMATCH, WHY_NOT)

    def resolve_object_details(
        self,
        flag_key: str,
        default_value: Sequence[FlagValueType] | Mapping[str, FlagValueType],
        evaluation_context: EvaluationContext | None = None,
    ) -> FlagResolutionDetails[Sequence[FlagValueType] | Mapping[str, FlagValueType]]:
        """There are no such flags."""
        return _failed(default_value, ErrorCode.TYPE_MISMATCH, WHY_NOT)


def _subject(context: EvaluationContext | None) -> Subject:
    """Raises ValueError where an id is none."""
    if context is None:
        return Subject()
    return Subject(_id(context.targeting_key), _id(context.attributes.get("org")))


def _id(given: Any) -> UUID | None:
    return UUID(str(given)) if given else None


def _failed(default: T, code: ErrorCode, message: str) -> FlagResolutionDetails[T]:
    return FlagResolutionDetails(value=default, error_code=code, error_message=message, reason=Reason.ERROR)
