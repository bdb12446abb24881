"""A stranger's program that knows the Salon by its contract alone finds nothing that the contract does not tell."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from portico import External
from portico.app.contract import document
from portico.testing import Harness
from salon.app import app
from tests.integration.wire.servers import served
from tests.promises.business import Business

pytestmark = pytest.mark.anyio
TRIES = 4
"""Inputs for each action; the same ones in every run."""
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
UNHURRIED = settings(
    max_examples=TRIES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=tuple(HealthCheck),
)
ENDS_THE_SESSION = {"identity.sign_out", "identity.sign_out_everywhere", "identity.delete_me"}
"""What would leave the stranger at the door for the rest of the run."""
CALLS_OUT = {name for name, plan in app.plans.items() if any(isinstance(p, External) for p in plan.policies)}
"""What needs a service that no test reaches, and is right to answer 503."""
LEFT_OUT = ENDS_THE_SESSION | CALLS_OUT
DRAFTS = "/api/v1/drafts/onboarding"
STEPS: Mapping[str, object] = {
    "basic-info": {"name": "Studio", "slug": "studio", "timezone": "Europe/Vienna"},
    "services": {"services": [{"name": "Cut", "duration_minutes": 30}]},
    "publish": {"spans": [{"weekday": 0, "opens": "09:00", "closes": "18:00"}]},
}
"""A wizard that is whole."""
Headers = dict[str, str]
Callers = Callable[[int], Iterable[Headers]]
"""As whom each input is sent, to the server at a port."""


@pytest.mark.parametrize(("version", "within"), [("v1", "/api/"), ("v2", "/api/v2/")])
async def test_the_contract_tells_all(salon: Harness, alpha: Business, *, version: str, within: str) -> None:
    """No status, media type, header or shape that is not in it, and no 5xx: whatever is sent, whoever sends it."""
    callers = [signed_in(salon, alpha), {}]

    async with served("asgi", app) as port:
        _, found = await asyncio.to_thread(fuzzed, version, within, port, callers=lambda _: callers)

    assert found == []


async def test_the_contract_tells_all_of_a_wizard_under_way(salon: Harness, alpha: Business) -> None:
    """Its steps are saved again; a whole draft is read, thrown away, founds a business, is refused its address."""
    owner = signed_in(salon, alpha)

    async with served("asgi", app) as port:
        met, found = await asyncio.to_thread(fuzzed, "v1", DRAFTS, port, callers=lambda port: [with_draft(port, owner)])

    assert found == []
    done = {name for name, status in met if status == 200}
    assert done >= {f"onboarding.{action}" for action in ("save_basic_info", "get", "discard", "publish")}
    assert met["onboarding.publish", 409] > 0


def signed_in(salon: Harness, business: Business) -> Headers:
    """What its owner sends."""
    return {"Authorization": f"Bearer {salon.token(business.owner)}"}


def with_draft(port: int, caller: Headers) -> Headers:
    """What somebody sends who has just saved all steps."""
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}{DRAFTS}", headers=caller) as client:
        for step, data in STEPS.items():
            saved = client.put(step, json=data).raise_for_status()
            client.headers["Cookie"] = saved.headers["set-cookie"].partition(";")[0]
        return caller | {"Cookie": client.headers["Cookie"]}


def fuzzed(version: str, within: str, port: int, *, callers: Callers) -> tuple[Counter[tuple[str, int]], list[str]]:
    """How often each action beneath a path answered with which status, and what was not as the contract says."""
    schema: Any = schemathesis.openapi.from_dict(document(app, version))
    schema.config.update(base_url=f"http://127.0.0.1:{port}")
    met: Counter[tuple[str, int]] = Counter()
    found: list[str] = []
    for operation in (found.ok() for found in schema.get_all_operations()):
        if operation.path.startswith(within) and name_of(operation) not in LEFT_OUT:
            found += _tried(operation, lambda: callers(port), met)
    return met, found


def name_of(operation: Any) -> str:
    """The action's name."""
    return str(operation.definition.raw["operationId"])


def _tried(operation: Any, callers: Callable[[], Iterable[Headers]], met: Counter[tuple[str, int]]) -> Iterator[str]:
    """What a few inputs bring to light, each as every caller."""
    findings: list[str] = []

    @UNHURRIED
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        for headers in callers():
            answer = case.call(headers=headers, timeout=10, allow_redirects=False)
            met[name_of(operation), answer.status_code] += 1
            try:
                case.validate_response(answer, checks=CHECKS)
            except FailureGroup as group:
                said = f"{name_of(operation)} {answer.status_code}"
                findings.extend(f"{said}: {finding}\n{answer.text[:500]}" for finding in group.exceptions)

    send()
    yield from dict.fromkeys(findings)
