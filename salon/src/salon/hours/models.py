"""What goes into the opening hours' actions and what comes out."""

from datetime import time
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError


def _on_the_minute(value: time) -> time:
    if value.second or value.microsecond or value.tzinfo is not None:
        raise PydanticCustomError("VAL_WHOLE_MINUTE", "Please write a whole minute like 09:00.")
    return value


Clock = Annotated[time, AfterValidator(_on_the_minute)]


class Span(BaseModel):
    """From when to when it is open on a day of the week; 0 is Monday."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    opens: Clock
    closes: Clock

    @model_validator(mode="after")
    def _in_order(self) -> "Span":
        if self.opens >= self.closes:
            raise PydanticCustomError("VAL_CLOSES_BEFORE_OPENING", "Please choose a time after the opening.")
        return self


def _apart(spans: list[Span]) -> list[Span]:
    ordered = sorted(spans, key=lambda span: (span.weekday, span.opens))
    if any(one.weekday == next_one.weekday and one.closes > next_one.opens for one, next_one in pairwise(ordered)):
        raise PydanticCustomError("VAL_SPANS_OVERLAP", "Please leave no two spans of a day overlapping.")
    return ordered


Week = Annotated[list[Span], Field(max_length=28), AfterValidator(_apart)]
