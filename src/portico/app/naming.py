"""What policies name must be declared: a typo stops the start."""

from collections.abc import Collection, Iterator, Mapping

from portico.core.plan import Plan
from portico.core.quotas import MEMBERS, Quotas
from portico.errors import Misconfigured


def refuse_unknown(plans: Mapping[str, Plan], quotas: Quotas, flags: Collection[str]) -> None:
    """Raise Misconfigured that lists every name that the application does not declare."""
    problems = [
        f"{name} ({plan.action.place}): {wrong}."
        for name, plan in plans.items()
        for wrong in (*_uncounted(plan, quotas), *_undeclared(plan, flags), *_unplanned(plan, quotas))
    ]
    if problems:
        raise Misconfigured("The application does not start.\n" + "\n".join(f"- {p}" for p in problems))


def _uncounted(plan: Plan, quotas: Quotas) -> Iterator[str]:
    contracts = [(type(policy).__name__, policy.contract()) for policy in plan.policies]
    for policy, contract in contracts:
        for resource in contract.resources:
            if resource not in quotas.counted:
                yield _lacking(
                    f'{policy}("{resource}") counts what App(quotas=Quotas(…)) does not limit', quotas.counted
                )
            if resource == MEMBERS and quotas.of_members:
                yield f'{policy}("{MEMBERS}"): Portico counts who belongs by itself; leave it out'
        if contract.resources and not plan.needs.tenant:
            yield f"{policy} counts for an organization, and {plan.context.__name__} has none; write ctx: OrgContext"


def _undeclared(plan: Plan, flags: Collection[str]) -> Iterator[str]:
    asked = [flag for policy in plan.policies for flag in policy.contract().flags]
    chosen = getattr(plan.action.handler, "flag", None)  # of a function that `by_flag` has made
    for flag in [*asked, *([chosen] if chosen else [])]:
        if flag not in flags:
            yield _lacking(f'it asks for the flag "{flag}", which App(flags=…) does not declare', flags)


def _unplanned(plan: Plan, quotas: Quotas) -> Iterator[str]:
    for policy in plan.policies:
        for name in policy.contract().plans if quotas.plans else ():
            if name not in quotas.plans:
                named = f'{type(policy).__name__} names the plan "{name}", which App(quotas=…) does not have'
                yield _lacking(named, quotas.plans)


def _lacking(problem: str, declared: Collection[str]) -> str:
    return f"{problem}; it knows {', '.join(sorted(declared)) or 'none'}"
