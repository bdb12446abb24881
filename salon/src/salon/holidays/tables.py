"""The table of public holidays that a business has taken over."""

from sqlalchemy import CheckConstraint, Column, Date, Text, UniqueConstraint

from portico.tables import tenant_table
from salon.metadata import metadata

holidays = tenant_table(
    "holidays",
    metadata,
    Column("day", Date, nullable=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("org_id", "day", name="holidays_day_key"),
    CheckConstraint("length(name) between 1 and 200", name="holidays_name_length"),
)
