"""Audit: what was done and refused in the organization, read at `/api/v1/audit`."""

from portico.modules.audit.models import AuditFilter, AuditRecord, Outcome
from portico.modules.audit.reading import audit, find

__all__ = ["AuditFilter", "AuditRecord", "Outcome", "audit", "find"]
