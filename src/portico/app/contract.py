"""The application's contract: its versions, their documents, what changed."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from pydantic_core import to_json

from portico.app.assembly import Assembly
from portico.app.serving import Endpoint
from portico.core.event import DECLARED, Event
from portico.core.plan import Plan
from portico.core.version import ROOT, version_in
from portico.errors import Error, Misconfigured, NotFound, UnknownVersion
from portico.generate import api_page, changelog
from portico.generate.catalog import llms
from portico.generate.openapi import Titles, draw, in_contract
from portico.generate.openapi.schemas import Schema
from portico.transports.answers import HTML, JSON
from portico.transports.assets import OWN_BUILT, UP, Assets
from portico.transports.document import DocumentEndpoint
from portico.transports.routes import Router

PAGE = f"{ROOT}/docs"
"""Where people read the documents, and try them out."""
CHANGELOG = f"{ROOT}/changelog"
"""Where what changed is told."""
TEXT = "text/plain; charset=utf-8"


def lay_contract(router: Router[Endpoint], app: Assembly, server: str) -> None:
    """Serve the document of each version, their page, what changed between them, and the short catalog."""
    for version in versions_of(app):
        router.add(
            "GET", f"{ROOT}/{version}/openapi.json", DocumentEndpoint(JSON, partial(encoded, app, version, server))
        )
    router.add("GET", PAGE, _page(lambda: page_of(app), api_page.POLICY))
    router.add("GET", CHANGELOG, _page(lambda: changelog.page(app.name, app.modules), changelog.POLICY))
    router.add("GET", "/llms.txt", DocumentEndpoint(TEXT, lambda: llms_txt(app).encode()))


def _page(make: Callable[[], str], policy: str) -> DocumentEndpoint:
    return DocumentEndpoint(HTML, lambda: make().encode(), also=[("content-security-policy", policy)])


def page_of(app: Assembly) -> str:
    """The page of the API; at first it shows the version that most actions are in, the newest of those."""
    versions = versions_of(app)
    first = max(reversed(versions), key=lambda version: len(plans_in(app, version)), default="")
    return api_page.page(app.name, versions, first=first, tags=Assets([OWN_BUILT]).tags(api_page.ENTRY, UP))


def llms_txt(app: Assembly) -> str:
    """The catalog in short, for language models."""
    return llms(app.name, app.plans.values(), versions=versions_of(app))


def encoded(app: Assembly, version: str, server: str = "", *, indent: int | None = None) -> bytes:
    """The document as JSON."""
    return to_json(document(app, version, server), indent=indent)


def versions_of(app: Assembly) -> tuple[str, ...]:
    """The names of all versions that something is served in, the oldest first."""
    found = {version_in(plan.action.place.prefix) for plan in app.all_plans.values() if in_contract(plan)}
    return tuple(sorted((name for name in found if name), key=lambda name: int(name[1:])))


def plans_in(app: Assembly, version: str) -> list[Plan]:
    """The actions that callers of a version have: its own, and those that stand beside all versions."""
    plans = [plan for plan in app.all_plans.values() if plan.action.place.prefix and in_contract(plan)]
    return [plan for plan in plans if version_in(plan.action.place.prefix) in {version, None}]


def events_of(app: Assembly) -> Mapping[str, type[Event]]:
    """The events that the application's own packages declare, by name; raises Misconfigured where two have one."""
    modules = {plan.action.place.import_path.rpartition(".")[0] for plan in app.plans.values()}
    packages = {module.rpartition(".")[0] for module in modules} - {""}
    found = [e for e in DECLARED if e.__module__ in modules or e.__module__.rpartition(".")[0] in packages]
    events: dict[str, type[Event]] = {}
    for event in sorted(found, key=lambda event: event.event_name):
        other = events.get(event.event_name, event)
        if (one := whereabouts(other)) != (two := whereabouts(event)):
            message = f"{one} and {two} are both named {event.event_name!r}: the one would be read as the other."
            raise Misconfigured(f"{message} Give one of them another name.")
        events[event.event_name] = event
    return events


def whereabouts(event: type[Event]) -> str:
    """Where a class of events stands; one that is made anew stands where it stood."""
    return f"{event.__module__}.{event.__qualname__}"


def document(app: Assembly, version: str, server: str = "") -> Schema:
    """The OpenAPI document of a version; raises UnknownVersion."""
    if version not in (known := versions_of(app)):
        raise UnknownVersion(supported=list(known), current=known[-1] if known else "")
    return draw(Titles(app.name, version, server or "/"), plans_in(app, version), [*events_of(app).values()])


def unknown_version(versions: Sequence[str]) -> Callable[[str], Error]:
    """What is wrong with a path that is none: its version, or the path itself."""

    def missing(path: str) -> Error:
        named = version_in(path)
        if named is None or named in versions or not versions:
            return NotFound()
        return UnknownVersion(supported=list(versions), current=versions[-1])

    return missing
