"""Experiments: which there are, and what each has come to."""

from pydantic import BaseModel

from portico import Module, NotFound, Operator, UserContext
from portico.modules.experiments.report import COUNTS, Count, Report, report_of

experiments = Module("experiments")

READ = COUNTS.format("cast(:name as text)")


class Summary(BaseModel):
    """An experiment of the application."""

    name: str
    about: str
    by: str
    events: list[str]
    variants: dict[str, int]
    """Their weights."""


@experiments.query("GET /experiments", Operator())
async def find(ctx: UserContext) -> list[Summary]:
    """Every experiment that the application declares."""
    return [
        Summary(name=name, about=e.about, by=e.by, events=list(e.events), variants=dict(e.variants))
        for name, e in sorted(ctx.experiments.items())
    ]


@experiments.query("GET /experiments/{name}", Operator())
async def get(ctx: UserContext, name: str) -> Report:
    """What an experiment has come to: exposures, conversions, rates, intervals, and the difference to control."""
    experiment = ctx.experiments.get(name)
    if experiment is None:
        raise NotFound
    return report_of(name, experiment, await ctx.db.all(READ, Count, name=name))
