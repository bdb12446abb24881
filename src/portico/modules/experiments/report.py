"""The result of an experiment: for each variant and event the rate, its interval, and how it compares with control."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pydantic import BaseModel

from portico import Experiment
from portico.core.experiments import CONTROL
from portico.modules.experiments.intervals import difference, wilson

COUNTS = """
    select x.variant, '' as event, count(*) as subjects, count(*) as times
      from portico.exposures x where x.experiment = {0} group by x.variant
    union all
    select x.variant, c.event, count(*), sum(c.times)
      from portico.conversions c
      join portico.exposures x on x.experiment = c.experiment and x.subject = c.subject and c.latest >= x.at
     where c.experiment = {0} group by x.variant, c.event
"""
"""Who counts is who did it after they had seen the variant, and what they did since.

Processes write what they have noted every few seconds: where one tells of the exposure later than another of what was
done since, `times` has what was done before, too.
"""


class Count(BaseModel):
    """How many subjects of a variant have done something, and how often; the event is empty where they saw it."""

    variant: str
    event: str
    subjects: int
    times: int


class Interval(BaseModel):
    """From and to, with 95 % confidence."""

    low: float
    high: float


class Score(BaseModel):
    """What came of one event in one variant."""

    event: str
    conversions: int
    """Subjects that did it, each counted once."""
    times: int
    """How often they did it since they saw the variant, all together."""
    rate: float
    interval: Interval
    """Of the rate (Wilson)."""
    difference: float | None
    """The rate less control's; null for control itself."""
    difference_interval: Interval | None
    """Of that (Newcombe); where it holds 0, nobody can tell which is better."""


class Variant(BaseModel):
    """One variant: how many have seen it, and what came of it."""

    variant: str
    weight: int
    exposures: int
    scores: list[Score]


class Report(BaseModel):
    """What an experiment has come to so far."""

    name: str
    about: str
    by: str
    goal: str
    """The event that decides."""
    variants: list[Variant]


Counted: TypeAlias = Mapping[tuple[str, str], Count]
"""By variant and event."""


def report_of(name: str, experiment: Experiment, counts: Sequence[Count]) -> Report:
    """The report on what was counted; a variant that nobody has seen is there all the same."""
    counted = {(c.variant, c.event): c for c in counts}
    variants = [
        Variant(
            variant=variant,
            weight=weight,
            exposures=_subjects(counted, variant, ""),
            scores=[_score(counted, variant, event) for event in experiment.events],
        )
        for variant, weight in experiment.variants.items()
    ]
    return Report(name=name, about=experiment.about, by=experiment.by, goal=experiment.goal, variants=variants)


def _score(counted: Counted, variant: str, event: str) -> Score:
    count = counted.get((variant, event))
    ours = (_subjects(counted, variant, event), _subjects(counted, variant, ""))
    theirs = (_subjects(counted, CONTROL, event), _subjects(counted, CONTROL, ""))
    rate, compared = _rate(ours), variant != CONTROL
    return Score(
        event=event,
        conversions=ours[0],
        times=count.times if count else 0,
        rate=rate,
        interval=_interval(wilson(*ours)),
        difference=rate - _rate(theirs) if compared else None,
        difference_interval=_interval(difference(ours, theirs)) if compared else None,
    )


def _subjects(counted: Counted, variant: str, event: str) -> int:
    count = counted.get((variant, event))
    return count.subjects if count else 0


def _rate(of: tuple[int, int]) -> float:
    return of[0] / of[1] if of[1] else 0.0


def _interval(bounds: tuple[float, float]) -> Interval:
    return Interval(low=bounds[0], high=bounds[1])
