"""The table of links: which customer a row elsewhere is, and how new what was taken over is."""

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKeyConstraint, Text, UniqueConstraint, Uuid

from portico.tables import tenant_table
from salon.metadata import metadata

customer_links = tenant_table(
    "customer_links",
    metadata,
    Column("source_id", Text, nullable=False),
    Column("customer_id", Uuid, nullable=False),
    Column("source_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("org_id", "source_id", name="customer_links_source_key"),
    UniqueConstraint("org_id", "customer_id", name="customer_links_customer_key"),
    CheckConstraint("length(source_id) between 1 and 100", name="customer_links_source_id_length"),
    ForeignKeyConstraint(
        ("org_id", "customer_id"),
        ("customers.org_id", "customers.id"),
        name="customer_links_customer_id_fkey",
        ondelete="CASCADE",
    ),
)
