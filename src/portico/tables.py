"""How an application declares its tables: each is a tenant's, or open with a reason."""

from portico.adapters.postgres.tables import belongs_to, open_table, tenant_table, undecided

__all__ = ["belongs_to", "open_table", "tenant_table", "undecided"]
