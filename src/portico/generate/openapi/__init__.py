"""OpenAPI 3.1 documents, one for each version."""
