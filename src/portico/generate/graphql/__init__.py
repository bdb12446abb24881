"""The GraphQL schema of an application's actions."""
