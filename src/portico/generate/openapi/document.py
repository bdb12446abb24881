"""The OpenAPI document of one version: every action, every answer, drawn from the plans."""

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portico.core.event import Event
from portico.core.plan import Plan
from portico.core.refusals import served_at
from portico.generate.openapi.answers import Answers
from portico.generate.openapi.examples import Examples
from portico.generate.openapi.headers import header_of, told_of_age
from portico.generate.openapi.requests import body_of, parameters_of
from portico.generate.openapi.schemas import Schema, collect
from portico.generate.openapi.security import SCHEMES, security_of
from portico.generate.openapi.webhooks import wanted_of, webhooks_of

PLACE = re.compile(r"\{(\w+)\}")
ABOUT = """\
Success is `{data}`, or `{data, meta}` of a list in pages; a refusal is a problem (RFC 9457) with a stable `code`.
A limited answer says what is left in `RateLimit`, and every answer names its request in `X-Request-Id`.
"""
SENT = {"webhooks": "What is sent to endpoints."}
"""What events stand under."""


@dataclass(frozen=True)
class Titles:
    """What a document is called."""

    name: str
    """The application's."""
    version: str
    """Such as `v1`."""
    server: str = "/"
    """Where it is served."""


def in_contract(plan: Plan) -> bool:
    """Whether the action is part of the API: pages are for people, jobs for workers."""
    return plan.action.kind != "job" and not plan.is_page


def draw(titles: Titles, plans: Sequence[Plan], events: Sequence[type[Event]] = ()) -> Schema:
    """The document of these plans; raises Misconfigured where a type has no JSON Schema."""
    told = [plan for plan in plans if in_contract(plan)]
    schemas = collect(told, wanted_of(events))
    examples = Examples(schemas)
    answers = Answers(schemas, examples)
    operations = Operations(answers)
    for plan in told:
        operations.add(plan, parameters_of(plan, schemas), body_of(plan, schemas, examples))
    webhooks = webhooks_of(events, schemas, examples)
    components = {
        "schemas": _in_use({**schemas.definitions, **answers.problems.schemas()}, (operations.paths, webhooks)),
        "headers": {name: header_of(name) for name in answers.headers},
        "examples": answers.problems.examples(),
        "securitySchemes": SCHEMES,
    }
    return {
        "openapi": "3.1.1",
        "info": {"title": titles.name, "version": titles.version, "description": ABOUT},
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "servers": [{"url": titles.server}],
        "tags": _tags(told, others=SENT if events else {}),
        "paths": operations.paths,
        **({"webhooks": webhooks} if webhooks else {}),
        "components": {name: part for name, part in components.items() if part},
    }


class Operations:
    """Paths and their methods; a shape of path has one spelling, whatever actions call its places."""

    def __init__(self, answers: Answers) -> None:
        """None yet."""
        self.paths: Schema = {}
        self._answers = answers
        self._spelled: dict[str, str] = {}

    def add(self, plan: Plan, parameters: list[Schema], body: Schema | None) -> None:
        """Tell of one action."""
        path = served_at(plan.action, page=False)
        spelled = self._spelled.setdefault(PLACE.sub("{}", path), path)
        renamed = dict(zip(PLACE.findall(path), PLACE.findall(spelled), strict=True))
        for parameter in parameters:
            if parameter["in"] == "path":
                parameter["name"] = renamed.get(parameter["name"], parameter["name"])
        age = told_of_age(plan.action.place.version)
        purpose, _, rest = (plan.action.handler.__doc__ or plan.action.name).strip().partition("\n")
        described = _described(plan, rest)
        self.paths.setdefault(spelled, {})[plan.action.place.method.lower()] = {
            "operationId": plan.action.origin,
            "tags": [plan.action.place.module],
            "summary": purpose.rstrip("."),
            **({"description": described} if described else {}),
            **({"deprecated": True} if age else {}),
            "security": security_of(plan),
            **({"parameters": parameters} if parameters else {}),
            **({"requestBody": body} if body else {}),
            "responses": self._answers.of(plan, age),
        }


def _described(plan: Plan, rest: str) -> str:
    """What the docstring says further, and what one must hold."""
    said = " ".join(rest.split())
    asked = dict.fromkeys(name for policy in plan.policies for name in policy.contract().permissions)
    needed = f"Asks for {' or '.join(f'`{name}`' for name in asked)}." if asked else ""
    return "\n\n".join(part for part in (said, needed) if part)


def _tags(plans: Iterable[Plan], *, others: Mapping[str, str]) -> list[Schema]:
    """A tag for each module, with what its Python module says of itself, and others that no module has."""
    found: dict[str, str] = {}
    for plan in plans:
        found.setdefault(plan.action.place.module, about(plan))
    found |= {name: said for name, said in others.items() if name not in found}
    return [{"name": name, **({"description": said} if said else {})} for name, said in found.items()]


def about(plan: Plan) -> str:
    """The first paragraph of the package that has the module's name, else of the file of its first action."""
    file = plan.action.place.import_path.rpartition(".")[0]
    package = file.rpartition(".")[0]
    place = package if package.rpartition(".")[2] == plan.action.place.module else file
    said = (getattr(sys.modules.get(place), "__doc__", None) or "").strip()
    return " ".join(said.partition("\n\n")[0].split())


def _in_use(schemas: Schema, roots: Iterable[object]) -> Schema:
    """Those that something refers to, in the order of their names."""
    used: set[str] = set()
    waiting = [name for root in roots for name in _referred(root)]
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting += _referred(schemas[name])
    return {name: schemas[name] for name in sorted(used)}


def _referred(part: object) -> Iterable[str]:
    if isinstance(part, dict):
        reference = part.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/components/schemas/"):
            yield reference.rpartition("/")[2]
        for value in part.values():
            yield from _referred(value)
    elif isinstance(part, list):
        for value in part:
            yield from _referred(value)
