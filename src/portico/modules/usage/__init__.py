"""How much an organization uses of what its plan allows, at `/api/v1/usage`."""

from portico.modules.usage.report import Resource, UsageReport, read, usage

__all__ = ["Resource", "UsageReport", "read", "usage"]
