"""OpenAPI 3.1 documents, one for each version."""

from portico.generate.openapi.document import Titles, draw, in_contract

__all__ = ["Titles", "draw", "in_contract"]
