"""The table of customers."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Integer, Text, text

from portico.tables import tenant_table
from salon.metadata import metadata

customers = tenant_table(
    "customers",
    metadata,
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("phone", Text),
    Column("notes", Text),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    CheckConstraint("length(name) between 1 and 120", name="customers_name_length"),
    CheckConstraint("length(email) <= 320", name="customers_email_length"),
    CheckConstraint("length(phone) <= 40", name="customers_phone_length"),
    CheckConstraint("length(notes) <= 1000", name="customers_notes_length"),
)

Index("customers_name_idx", customers.c.org_id, customers.c.name, customers.c.id)
