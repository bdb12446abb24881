"""The wizard's pages: a step each, back and forth, and one that shows it all before it counts."""

from collections.abc import Mapping

from portico import Anyone, Html, Interactive, Module, Redirect, UserContext
from portico.modules.drafts import Progress
from salon.frame import framed
from salon.onboarding.actions import onboarding, publish
from salon.onboarding.models import USUAL_WEEK
from salon.team.places import timezones

pages = Module("onboarding_pages", Anyone("whoever signs up may found a business"), Interactive(), prefix="")

STEPS: Mapping[str, tuple[str, str]] = {
    "basic_info": ("/onboarding", "Basic info"),
    "services": ("/onboarding/services", "Services"),
    "publish": ("/onboarding/publish", "Opening hours"),
    "review": ("/onboarding/review", "Check and publish"),
}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


async def show(ctx: UserContext, step: str, draft: Progress | None, values: object = None) -> Html:
    """A step, with what was saved in it, or what it suggests."""
    saved = draft.of(step) if draft else None
    around = {"steps": STEPS, "step": step, "draft": draft, "days": DAYS, "timezones": timezones()}
    return await framed(ctx, f"onboarding/{step}.html", {**around, "values": saved or values})


@pages.query("GET /onboarding")
async def basic_info(ctx: UserContext) -> Html:
    """Step 1, where a draft begins."""
    return await show(ctx, "basic_info", await onboarding.progress(ctx), {"timezone": "Europe/Vienna"})


@pages.query("GET /onboarding/services")
async def services(ctx: UserContext) -> Html:
    """Step 2."""
    return await show(ctx, "services", await onboarding.progress(ctx))


@pages.query("GET /onboarding/publish")
async def hours(ctx: UserContext) -> Html:
    """Step 3."""
    return await show(ctx, "publish", await onboarding.progress(ctx), {"spans": USUAL_WEEK})


@pages.query("GET /onboarding/review")
async def review(ctx: UserContext) -> Html:
    """All of it, before it counts."""
    return await show(ctx, "review", await onboarding.progress(ctx))


@pages.query("GET /onboarding/resume")
async def resume(ctx: UserContext) -> Redirect:
    """Go on where one left off."""
    draft = await onboarding.progress(ctx)
    left = [*draft.missing, "review"] if draft else list(STEPS)
    return Redirect(STEPS[left[0]][0])


pages.form("/onboarding", onboarding.saves["basic_info"], page=basic_info, then="/onboarding/services")
pages.form("/onboarding/services", onboarding.saves["services"], page=services, then="/onboarding/publish")
pages.form("/onboarding/publish", onboarding.saves["publish"], page=hours, then="/onboarding/review")
pages.form("/onboarding/review", publish, page=review, then="/organizations?done=founded")
pages.form("/onboarding/discard", onboarding.discard, page=basic_info, then="/organizations")
