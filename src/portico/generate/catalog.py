"""The catalog of an application's actions: a page for people, and one for language models."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from portico.core.outcomes import errors_of
from portico.core.plan import Plan
from portico.core.refusals import served_at
from portico.core.version import version_in
from portico.generate.graphql.naming import field_name, is_served
from portico.generate.openapi.document import about, in_contract
from portico.generate.words import caller_of, policy_words


def catalog(name: str, plans: Iterable[Plan]) -> str:
    """Every action as Markdown: purpose, kind, path, who may call, policies, errors, import path."""
    lines = [f"# The actions of {name}", "", "Drawn from the code by `portico catalog`."]
    for module, found in _by_module(plans):
        said = about(found[0])
        lines += ["", f"## {module}", "", *([said, ""] if said else [])]
        lines += ["| action | purpose | import path |", "|---|---|---|", *(_row(plan) for plan in found)]
        for plan in found:
            lines += ["", f"### {plan.action.name}", "", *_told(plan)]
    return "\n".join(lines) + "\n"


def llms(name: str, plans: Iterable[Plan], *, versions: Sequence[str] = ()) -> str:
    """The same in short, in the form of llms.txt: a link for each thing, and what stands there."""
    lines = [f"# {name}", "", "> An HTTP API. Success is `{data}`, or `{data, meta}` of a list; a refusal is a problem"]
    lines += ["> (RFC 9457) with a stable `code`. Sign in by cookie, bearer token or API key.", "", "## Contract", ""]
    lines += [f"- [OpenAPI {v}](/api/{v}/openapi.json): every action, input, answer and error" for v in versions]
    lines += ["- [Changes](/api/changelog): what changed from version to version"]
    for module, found in _by_module(plan for plan in plans if versions and in_contract(plan)):
        lines += ["", f"## {module}", "", *(_link(plan, versions) for plan in found)]
    return "\n".join(lines) + "\n"


def _by_module(plans: Iterable[Plan]) -> Iterator[tuple[str, list[Plan]]]:
    for module, found in groupby(plans, key=lambda plan: plan.action.place.module):
        yield module, list(found)


def _row(plan: Plan) -> str:
    action = plan.action
    anchor = action.name.replace(".", "").lower()
    return f"| [{action.name}](#{anchor}) | {_cell(action.purpose)} | `{action.place.import_path}` |"


def _told(plan: Plan) -> Iterator[str]:
    action = plan.action
    yield from (" ".join((action.handler.__doc__ or "").split()), "", "| | |", "|---|---|")
    yield f"| kind | {action.kind} |"
    yield f"| served at | {f'`{_served(plan)}`' if action.kind != 'job' else 'nowhere: workers run it'} |"
    if is_served(plan):
        yield f"| GraphQL | `{action.kind} {{ {field_name(action)} }}` |"
    yield f"| who | {caller_of(plan)} |"
    yield f"| policies | {_cell('; '.join(policy_words(policy, plan) for policy in plan.policies))} |"
    yield f"| errors | {', '.join(dict.fromkeys(f'{error.status} {error.code}' for error in errors_of(plan)))} |"
    yield f"| written in | `{action.place.import_path}` |"


def _link(plan: Plan, versions: Sequence[str]) -> str:
    served = _served(plan)
    version = version_in(plan.action.place.prefix) or versions[-1]
    contract = f"/api/{version}/openapi.json"
    codes = ", ".join(sorted(error.code for error in plan.errors)) or "nothing of its own"
    said = f"{served}. {plan.action.purpose}"
    return f"- [{plan.action.name}]({contract}): {said} Refuses with {codes}."


def _served(plan: Plan) -> str:
    return f"{plan.action.place.method} {served_at(plan.action, page=plan.is_page)}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
