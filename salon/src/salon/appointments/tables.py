"""The table of appointments, and what keeps two of them apart."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import INT8RANGE, ExcludeConstraint

from portico.tables import belongs_to, tenant_table
from salon.metadata import metadata

# Each member of staff owns 2^32 minutes of the number line: ranges of whole numbers need no extension to be kept apart.
_SLOT = (
    "int8range(staff_number * 4294967296 + extract(epoch from scheduled_at at time zone 'UTC')::bigint / 60, "
    "staff_number * 4294967296 + extract(epoch from ends_at at time zone 'UTC')::bigint / 60)"
)
_WHOLE_MINUTES = "extract(epoch from scheduled_at) % 60 = 0 and extract(epoch from ends_at) % 60 = 0"
_ON_THE_LINE = (
    "scheduled_at >= '1970-01-01 00:00:00+00' and ends_at > scheduled_at and ends_at < '2200-01-01 00:00:00+00'"
)

appointments = tenant_table(
    "appointments",
    metadata,
    Column("customer_id", Uuid, nullable=False),
    Column("service_id", Uuid, nullable=False),
    Column("staff_id", Uuid, nullable=False),
    Column("staff_number", BigInteger, nullable=False),
    Column("scheduled_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("slot", INT8RANGE, Computed(_SLOT, persisted=True)),
    Column("status", Text, nullable=False, server_default=text("'booked'")),
    Column("notes", Text),
    Column("cancel_reason", Text),
    Column("created_by", Uuid, server_default=text("nullif(current_setting('app.user', true), '')::uuid")),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    CheckConstraint("status in ('booked', 'confirmed', 'completed', 'cancelled')", name="appointments_status_known"),
    CheckConstraint("length(notes) <= 500", name="appointments_notes_length"),
    CheckConstraint("length(cancel_reason) <= 200", name="appointments_reason_length"),
    CheckConstraint(_WHOLE_MINUTES, name="appointments_whole_minutes"),
    CheckConstraint(_ON_THE_LINE, name="appointments_times_in_range"),
    belongs_to("customers", column="customer_id"),
    belongs_to("services", column="service_id"),
    # With the number in the key, no appointment can lie on another's slot line.
    ForeignKeyConstraint(
        ("org_id", "staff_id", "staff_number"),
        ("staff.org_id", "staff.id", "staff.number"),
        name="appointments_staff_fkey",
    ),
    ExcludeConstraint(
        ("slot", "&&"), where=text("status <> 'cancelled'"), name="appointments_no_overlap", using="gist"
    ),
)

Index("appointments_scheduled_at_idx", appointments.c.org_id, appointments.c.scheduled_at, appointments.c.id)
Index("appointments_staff_id_idx", appointments.c.org_id, appointments.c.staff_id, appointments.c.scheduled_at)
