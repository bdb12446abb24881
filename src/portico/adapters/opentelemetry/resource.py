"""What OpenTelemetry calls this process."""

import os
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource


@lru_cache(maxsize=1)
def resource_of(name: str, release: str) -> "Resource":
    """Its service, release, and an id of its own, without which the metrics of siblings would be one series.

    What the variables OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say counts more.
    """
    from opentelemetry.sdk.resources import Resource

    said = os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    found = {"service.version": release, "service.instance.id": str(uuid4())}
    if "OTEL_SERVICE_NAME" not in os.environ:
        found["service.name"] = name
    return Resource.create({key: value for key, value in found.items() if f"{key}=" not in said})
