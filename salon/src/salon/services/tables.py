"""The table of services."""

from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, Index, Integer, Text, text

from portico.tables import tenant_table
from salon.metadata import metadata

services = tenant_table(
    "services",
    metadata,
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("duration_minutes", Integer, nullable=False),
    Column("price_minor", Integer, nullable=False),
    Column("currency", Text, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    CheckConstraint("length(name) between 1 and 120", name="services_name_length"),
    CheckConstraint("length(description) <= 1000", name="services_description_length"),
    CheckConstraint("duration_minutes between 5 and 720", name="services_duration_range"),
    CheckConstraint("price_minor >= 0", name="services_price_range"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="services_currency_form"),
)

Index("services_name_key", services.c.org_id, text("lower(name)"), unique=True)
