"""What webhooks refuse."""

from portico import Conflict


class TooManyEndpoints(Conflict, code="BIZ_TOO_MANY_ENDPOINTS"):
    """The organization has as many webhook endpoints as it may. Please delete one first."""

    retryable = False


class EndpointDisabled(Conflict, code="BIZ_ENDPOINT_DISABLED"):
    """This endpoint is switched off. Please switch it on first."""

    retryable = False
