"""A hook and its options for every action."""

from collections.abc import Iterator

from portico.core.plan import Plan
from portico.generate.typescript.actions import has_members, paging_of
from portico.generate.typescript.names import action_name, type_name
from portico.generate.typescript.types import comment


def hook_lines(plan: Plan) -> Iterator[str]:
    """The options of an action, for loaders and prefetching; the hooks that use them."""
    query = plan.action.kind == "query"
    yield from _query(plan) if query else _mutation(plan)
    if query and paging_of(plan):
        yield from _endless(plan)


def _query(plan: Plan) -> Iterator[str]:
    name, action = type_name(plan.action.name), f"actions.{action_name(plan)}"
    taken = f", input: actions.{name}Input" if has_members(plan) else ""
    given = "input" if taken else "undefined"
    own = taken.removeprefix(", ")
    yield from _function(
        plan, f"{action_name(plan)}Options(client: Client{taken})", f"optionsOf(client, {action}, {given})"
    )
    asked = ", ".join(part for part in (own, "options?: QueryHookOptions") if part)
    yield from _function(plan, f"use{name}({asked})", f"useAction({action}, {given}, options)")


def _endless(plan: Plan) -> Iterator[str]:
    name = type_name(plan.action.name)
    given = f"useEndless(actions.{action_name(plan)}, input)"
    yield from _function(plan, f"use{name}Endless(input: actions.{name}Input)", given, more=" Page after page.")


def _mutation(plan: Plan) -> Iterator[str]:
    name, action = type_name(plan.action.name), f"actions.{action_name(plan)}"
    changes = f"changes: Changes<actions.{name}Input>"
    yield from comment(plan.action.purpose)
    yield f"export function {action_name(plan)}Options("
    yield f"  client: Client,\n  queries: QueryClient,\n  {changes} = [],\n) {{"
    yield f"  return mutationOf(client, {action}, queries, changes);"
    yield "}"
    yield from _function(plan, f"use{name}(...{changes})", f"useChange({action}, ...changes)")


def _function(plan: Plan, signature: str, value: str, *, more: str = "") -> Iterator[str]:
    yield from comment(plan.action.purpose + more)
    yield f"export function {signature} {{"
    yield f"  return {value};"
    yield "}"
