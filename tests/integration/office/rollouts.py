"""What is not there for everybody: a flag hides an action, another chooses how it is done, an experiment compares."""

from portico import Anyone, Conflict, Experiment, Flag, Module, OrgContext, Public, PublicContext, Switch, by_flag

rollouts = Module("rollouts", Anyone("a test"))
SWITCHES = {
    "new-desk": Switch("A desk that stands."),
    "loud-greeting": Switch("Greets aloud."),
    "on-at-first": Switch("On until somebody sets it.", default=True),
}
EXPERIMENTS = {
    "checkout-flow-v2": Experiment(
        "A shorter way to pay.",
        variants={"control": 1, "variant_a": 1, "variant_b": 1},
        events=("checkout_started", "checkout_failed", "checkout_completed"),
    ),
    "front-page": Experiment("Another headline.", events=("signed_up",), by="visitor"),
    "office-hours": Experiment("Open longer.", events=("visited",), by="org"),
}


@rollouts.query("GET /desk", Flag("new-desk"))
async def desk(_ctx: OrgContext) -> str:
    """Sit down."""
    return "sat"


@rollouts.query("GET /binding", Flag("binding"))
async def binding(_ctx: OrgContext) -> str:
    """Have papers bound, where the plan includes it."""
    return "bound"


async def quiet(ctx: OrgContext, name: str) -> str:
    """Greet somebody."""
    return f"Hello {name}{', as ever' if ctx.flag('on-at-first') else ''}"


async def loud(_ctx: OrgContext, name: str) -> str:
    """Greet somebody aloud."""
    return f"HELLO {name.upper()}"


greet = rollouts.query("GET /greet")(by_flag("loud-greeting", on=loud, off=quiet))


@rollouts.query("GET /misspelled")
async def misspelled(ctx: OrgContext) -> bool:
    """Ask for a flag that there is none of."""
    return ctx.flag("new-dekc")


@rollouts.query("GET /checkout")
async def checkout(ctx: OrgContext) -> str:
    """Show the way to pay."""
    variant = ctx.variant("checkout-flow-v2")
    ctx.track("checkout_started")
    return variant


@rollouts.mutation("POST /checkout")
async def pay(ctx: OrgContext, *, broke: bool = False) -> str:
    """Pay; what fails is rolled back, and so is what was tracked."""
    ctx.track("checkout_completed")
    if broke:
        raise Conflict
    return ctx.variant("checkout-flow-v2")


@rollouts.query("GET /front", Public("a test"))
async def front(ctx: PublicContext) -> str:
    """Show the front page."""
    return ctx.variant("front-page")


@rollouts.query("GET /hours")
async def hours(ctx: OrgContext) -> str:
    """Show the hours."""
    ctx.track("visited")
    return ctx.variant("office-hours")
