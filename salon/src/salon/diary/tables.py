"""The tables of what was taken over from a calendar elsewhere, and of how that went."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Text, UniqueConstraint

from portico.tables import tenant_table
from salon.metadata import metadata

diary_entries = tenant_table(
    "diary_entries",
    metadata,
    Column("source_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("org_id", "source_id", name="diary_entries_source_key"),
    CheckConstraint("length(source_id) between 1 and 200", name="diary_entries_source_id_length"),
    CheckConstraint("length(title) between 1 and 200", name="diary_entries_title_length"),
    CheckConstraint("starts_at < ends_at", name="diary_entries_in_order"),
)

Index("diary_entries_starts_at_idx", diary_entries.c.org_id, diary_entries.c.starts_at, diary_entries.c.id)

diary_syncs = tenant_table(
    "diary_syncs",
    metadata,
    Column("synced_at", DateTime(timezone=True)),
    Column("problem", Text),
    UniqueConstraint("org_id", name="diary_syncs_one_each"),
)
