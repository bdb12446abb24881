"""`portico explain`: what an action would decide for a role, step by step."""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from portico.cli.finding import app_argument, app_name, load_app
from portico.cli.output import printer
from portico.core.lifecycle import LIFE, OUTSIDE
from portico.errors import Error, Invalid, Misconfigured
from portico.generate.words import caller_of, policy_words, window_words

if TYPE_CHECKING:
    from portico.app.application import App
    from portico.cli.deciding import Case, Decision
    from portico.core.plan import Plan
    from portico.core.policy import Policy

CALLED = frozenset({"route", "size", "origin", "caller", "recall", "encode", "answer"})
"""Steps of a call that comes over a wire; workers take none of them."""
MARKS = {"yes": "✓", "no": "✗", "open": "·"}


@click.command()
@click.argument("action")
@app_argument
@click.option("--as", "role", required=True, metavar="ROLE", help="A role, `user` (in no organization) or `nobody`.")
def explain(action: str, name: str | None, *, role: str) -> None:
    """Say what an action would decide for a role, in the order of a call's life; no database is needed."""
    from portico.cli.deciding import Case

    app = load_app(app_name(name))
    case = Case.of(app, find_plan(app, action), role)
    print_case(case)


def find_plan(app: "App", name: str) -> "Plan":
    """The action of that name; raises Misconfigured with the nearest names."""
    if name in app.plans:
        return app.plans[name]
    near = get_close_matches(name, app.plans, n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else "`portico actions` lists them all."
    message = f"{app.name} has no action {name}: {hint}"
    raise Misconfigured(message)


def print_case(case: "Case") -> None:
    """Print the life of the call."""
    from rich.table import Column, Table

    from portico.core.outcomes import errors_of

    plan, refused = case.plan, False
    life = LIFE if plan.aside is None else OUTSIDE
    out = printer()
    out.print(f"{plan.action.name} as {case.role}: {plan.action.purpose}")
    out.print(f"{plan.action.kind}, {caller_of(plan)}, {plan.action.place}\n")
    table = Table.grid(*(Column(overflow="fold") for _ in range(5)), padding=(0, 2))
    for number, step in enumerate(life, 1):
        if plan.action.kind == "job" and step.name in CALLED:
            continue
        table.add_row(str(number), step.name, "", step.what, "")
        for decision in STEPS.get(step.name, _nothing)(case):
            table.add_row("", "", MARKS[decision.verdict], decision.what, _codes(decision.errors))
            refused = refused or (decision.verdict == "no" and not decision.foreign)
    out.print(table)
    may = "may not" if refused else "may"
    if plan.action.kind == "job":
        out.print(f"\nNobody calls {plan.action.name}: workers run it, {_on_behalf(case, may)}.")
        out.print(f"An attempt can fail with {_codes(errors_of(plan))}.")
    else:
        out.print(f"\n{case.role} {may} call {plan.action.name}.")
        out.print(f"It can answer {_codes(errors_of(plan))}.")
    if plan.unsure:
        out.print("A crash while it calls out leaves open whether it was done: it takes no Idempotency-Key.")


def _on_behalf(case: "Case", may: str) -> str:
    if case.plan.needs.user:
        return f"as whoever enqueued it: {case.role} {may}"
    return "for the organization that enqueued it" if case.plan.needs.tenant else "for nobody"


def _codes(errors: tuple[type[Error], ...]) -> str:
    return ", ".join(dict.fromkeys(f"{error.status} {error.code}" for error in errors))


def _nothing(_case: "Case") -> Iterator["Decision"]:
    return iter(())


def _route(case: "Case") -> Iterator["Decision"]:
    from portico.cli.actions import path_of
    from portico.cli.deciding import Decision

    yield Decision("open", f"{case.plan.action.place.method} {path_of(case.plan)}")


def _caller(case: "Case") -> Iterator["Decision"]:
    yield from _limits(case, (*case.plan.caller_limits, *case.plan.caller))
    yield case.credential()


def _decode(case: "Case") -> Iterator["Decision"]:
    from portico.cli.deciding import Decision

    members = ", ".join(f"{m.name} ({m.source})" for m in case.plan.binder.members)
    if members:
        yield Decision("open", members)


def _admit(case: "Case") -> Iterator["Decision"]:
    plan = case.plan
    if plan.needs.org:
        yield case.organization()
    for policy in plan.access:
        yield from case.access(policy)
    yield from _plain(case, tuple(p for p in plan.policies if p.authorizes and p not in plan.access))
    yield from _limits(case, (*plan.limits, *plan.limit))


def _decide(case: "Case") -> Iterator["Decision"]:
    plan = case.plan
    yield from _input(plan)
    yield from _plain(case, (*plan.replay, *plan.state))


def _handle(case: "Case") -> Iterator["Decision"]:
    plan = case.plan
    decided = {
        *map(
            id, (*plan.caller, *plan.access, *plan.limit, *plan.replay, *plan.state, *plan.limits, *plan.caller_limits)
        )
    }
    yield from _plain(case, (*plan.checks, *plan.refinements, *plan.wraps))
    raised = [p for p in plan.policies if id(p) not in decided and p not in plan.records and p not in plan.refinements]
    yield from _plain(case, tuple(p for p in raised if p.contract().errors and not p.authorizes))


def _close(case: "Case") -> Iterator["Decision"]:
    yield from _plain(case, tuple(p for p in case.plan.records if not p.limits))


def _plain(case: "Case", policies: tuple["Policy", ...]) -> Iterator["Decision"]:
    from portico.cli.deciding import Decision

    for policy in policies:
        yield Decision("open", policy_words(policy, case.plan), policy.contract().errors)


def _limits(case: "Case", policies: tuple["Policy", ...]) -> Iterator["Decision"]:
    from portico.cli.deciding import Decision
    from portico.policies.rate_limit import RateLimit

    for policy in policies:
        words = policy_words(policy, case.plan)
        if isinstance(policy, RateLimit):
            limit, window = case.services.rate(policy.rate)
            words += f": {limit} {policy.counts} in any {window_words(window)}, counted by {policy.counted_by}"
        yield Decision("open", words, policy.contract().errors)


def _input(plan: "Plan") -> Iterator["Decision"]:
    from portico.cli.deciding import Decision

    if plan.binder.members:
        yield Decision("open", "the input must be valid", (Invalid,))


STEPS: Mapping[str, Callable[["Case"], Iterator["Decision"]]] = {
    "route": _route,
    "caller": _caller,
    "decode": _decode,
    "admit": _admit,
    "decide": _decide,
    "handle": _handle,
    "close": _close,
}
