"""What calls to other services go through, as the settings say."""

from portico.adapters.memory.breaker import MemoryBreakers
from portico.app.outbound_settings import OutboundSettings
from portico.core.outbound import Budget, Outbound, Tries, parse_rule
from portico.ports.clock import Clock


def outbound_of(settings: OutboundSettings, clock: Clock) -> Outbound:
    """Breakers, retries and their budget; raises Misconfigured where a setting makes no sense."""
    for service, written in settings.portico_breakers.items():
        parse_rule(service, written)
    local = MemoryBreakers(clock)
    return Outbound(
        clock,
        local,
        local,
        written=settings.portico_breakers,
        tries=Tries(settings.portico_retry_attempts, settings.portico_retry_base, settings.portico_retry_cap),
        timeout=settings.portico_external_timeout,
        budget=Budget(settings.portico_retry_budget),
    )
