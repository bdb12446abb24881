"""Audit: what was done and refused in the organization, read at `/api/v1/audit`."""

from portico.modules.audit.models import AuditFilter, AuditRecord, Outcome, Sealed
from portico.modules.audit.reading import audit, find, find_seals

__all__ = ["AuditFilter", "AuditRecord", "Outcome", "Sealed", "audit", "find", "find_seals"]
