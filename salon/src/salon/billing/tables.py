"""The table of subscriptions: one of each business, as it was told last."""

from sqlalchemy import CheckConstraint, Column, DateTime, Text, UniqueConstraint

from portico.tables import tenant_table
from salon.metadata import metadata

subscriptions = tenant_table(
    "subscriptions",
    metadata,
    Column("stripe_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("period_end", DateTime(timezone=True)),
    Column("told_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("org_id", name="subscriptions_one_each"),
    CheckConstraint("length(stripe_id) between 1 and 255", name="subscriptions_stripe_id_length"),
    CheckConstraint("plan in ('pro', 'business')", name="subscriptions_plan_known"),
)
