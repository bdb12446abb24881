"""What experiments have come to, drawn and in figures."""

from portico import Html, Interactive, Module, Operator, UserContext
from portico.modules.experiments import find, get, plot
from salon.frame import framed

operating = Module("operating", prefix="")


@operating.query("GET /operating/experiments", Operator(), Interactive())
async def experiments(ctx: UserContext) -> Html:
    """Show every experiment's result."""
    reports = [await ctx.call(get, name=summary.name) for summary in await ctx.call(find)]
    drawn = [(report, plot(report)) for report in reports]
    return await framed(ctx, "operating/experiments.html", {"reports": drawn})
