"""Wizards: saved step by step on the server, finished in one transaction."""

from portico.modules.drafts.drafts import Draft
from portico.modules.drafts.errors import DraftMissing, DraftTooLarge
from portico.modules.drafts.models import Progress

__all__ = ["Draft", "DraftMissing", "DraftTooLarge", "Progress"]
