"""The plan of an organization, as what it pays for says."""

from portico import Misconfigured, TenantContext
from portico.core.context import call_of

SET = "select portico.set_plan_v1(:plan, :proof)"


async def set_plan(ctx: TenantContext, plan: str) -> bool:
    """Move the organization to another of the application's plans, on record; False where it is on that already.

    For what hears of payments: there is no action that does it. Quotas count by the new plan from the next call on.
    Raises Misconfigured where there is no such plan.
    """
    if plan not in ctx.quotas.plans:
        raise Misconfigured(f"There is no plan {plan}: the application has {', '.join(ctx.quotas.plans) or 'none'}.")
    proof = ctx.proof(f"plan/{ctx.org.id}/{plan}".encode())
    changed = await ctx.db.one(SET, bool, plan=plan, proof=proof)
    if changed:
        call_of(ctx).notes.audit("organization.plan_changed", str(ctx.org.id), plan=plan, before=ctx.org.plan)
    return changed
