"""The table of preferences: one row of each user's own."""

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, Text, UniqueConstraint

from portico.tables import user_table
from salon.metadata import metadata

preferences = user_table(
    "preferences",
    metadata,
    Column("first_hour", Integer, nullable=False),
    Column("show_cancelled", Boolean, nullable=False),
    Column("clock", Text, nullable=False),
    UniqueConstraint("user_id"),
    CheckConstraint("first_hour between 0 and 23", name="preferences_first_hour_range"),
    CheckConstraint("clock in ('12h', '24h')", name="preferences_clock_known"),
)
