"""A TypeScript client as an npm package: types, calls, hooks and mocks of every action."""

from portico.generate.typescript.digests import digest_of
from portico.generate.typescript.package import in_client, package

__all__ = ["digest_of", "in_client", "package"]
