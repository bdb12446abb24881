"""How an application declares its tables: each is a tenant's, a user's, or open with a reason."""

from portico.adapters.postgres.tables import belongs_to, open_table, tenant_table, undecided, user_table

__all__ = ["belongs_to", "open_table", "tenant_table", "undecided", "user_table"]
