"""GraphQL: every action as a field, over HTTP."""
