"""The table of opening hours: one row a span, by the clock on the wall of the organization's time zone."""

from sqlalchemy import CheckConstraint, Column, Integer, Time, UniqueConstraint

from portico.tables import tenant_table
from salon.metadata import metadata

opening_hours = tenant_table(
    "opening_hours",
    metadata,
    Column("weekday", Integer, nullable=False),
    Column("opens", Time, nullable=False),
    Column("closes", Time, nullable=False),
    CheckConstraint("weekday between 0 and 6", name="opening_hours_weekday_known"),
    CheckConstraint("opens < closes", name="opening_hours_in_order"),
    UniqueConstraint("org_id", "weekday", "opens", name="opening_hours_span_key"),
)
