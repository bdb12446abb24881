"""A stranger's program that knows the Salon by its contract alone finds nothing that the contract does not tell."""

import asyncio
from collections.abc import Iterator
from typing import Any

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


@pytest.mark.parametrize(("version", "within"), [("v1", "/api/"), ("v2", "/api/v2/")])
async def test_the_contract_tells_all(salon: Harness, alpha: Business, *, version: str, within: str) -> None:
    """No status, media type, header or shape that is not in it, and no 5xx: whatever is sent, whoever sends it."""
    async with served("asgi", app) as port:
        schema = schemathesis.openapi.from_dict(document(app, version))
        schema.config.update(base_url=f"http://127.0.0.1:{port}")
        found = await asyncio.to_thread(lambda: list(astonished(schema, within, salon.token(alpha.owner))))

    assert found == []


def astonished(schema: Any, within: str, token: str) -> Iterator[str]:
    """What was not as the contract says, by action, of those beneath a path."""
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.startswith(within) and name_of(operation) not in LEFT_OUT:
            yield from _tried(operation, token)


def name_of(operation: Any) -> str:
    """The action's name."""
    return str(operation.definition.raw["operationId"])


def _tried(operation: Any, token: str) -> Iterator[str]:
    """What a few inputs bring to light, each as somebody and as nobody."""
    findings: list[str] = []

    @UNHURRIED
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        for headers in ({"Authorization": f"Bearer {token}"}, {}):
            answer = case.call(headers=headers, timeout=10, allow_redirects=False)
            try:
                case.validate_response(answer, checks=CHECKS)
            except FailureGroup as group:
                said = f"{name_of(operation)} {answer.status_code}"
                findings.extend(f"{said}: {finding}\n{answer.text[:500]}" for finding in group.exceptions)

    send()
    yield from dict.fromkeys(findings)
