"""Outgoing webhooks: an organization's endpoints, and what is delivered to them."""

from portico.core.chore import Post
from portico.modules.webhooks.catalog import find_events
from portico.modules.webhooks.deliveries import (
    find_deliveries,
    get_delivery,
    redeliver,
    redeliver_missed,
    send_sample,
)
from portico.modules.webhooks.delivering import Deliveries
from portico.modules.webhooks.endpoints import (
    create_endpoint,
    delete_endpoint,
    find_endpoints,
    get_endpoint,
    rotate_secret,
    update_endpoint,
)
from portico.modules.webhooks.models import (
    Attempt,
    Delivery,
    DeliveryFilter,
    DeliveryShown,
    Endpoint,
    EndpointChanges,
    EventKind,
    IssuedEndpoint,
    Missed,
    NewEndpoint,
)
from portico.modules.webhooks.module import webhooks
from portico.modules.webhooks.telling import Telling

webhooks.chores.append(Post((Telling.name,), Deliveries))

__all__ = [
    "Attempt",
    "Delivery",
    "DeliveryFilter",
    "DeliveryShown",
    "Endpoint",
    "EndpointChanges",
    "EventKind",
    "IssuedEndpoint",
    "Missed",
    "NewEndpoint",
    "create_endpoint",
    "delete_endpoint",
    "find_deliveries",
    "find_endpoints",
    "find_events",
    "get_delivery",
    "get_endpoint",
    "redeliver",
    "redeliver_missed",
    "rotate_secret",
    "send_sample",
    "update_endpoint",
    "webhooks",
]
