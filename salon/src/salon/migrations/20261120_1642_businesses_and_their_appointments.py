"""Businesses and their appointments.

Revision 84590fc75035, the first; made 2026-11-20 16:42 UTC.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.schema import SchemaItem

revision = "84590fc75035"
down_revision = None


def upgrade() -> None:
    """Bring the database to this revision."""
    _table("customers", *_customers())
    op.create_index("customers_name_idx", "customers", ["org_id", "name", "id"])
    _table("services", *_services())
    op.create_index("services_name_key", "services", ["org_id", sa.literal_column("lower(name)")], unique=True)
    _table("staff", *_staff())
    op.create_index("staff_email_key", "staff", ["org_id", sa.literal_column("lower(email)")], unique=True)
    _table("appointments", *_visits(), *_visit_rules(), *_visit_keys())
    op.create_index("appointments_customer_id_idx", "appointments", ["org_id", "customer_id"])
    op.create_index("appointments_scheduled_at_idx", "appointments", ["org_id", "scheduled_at", "id"])
    op.create_index("appointments_service_id_idx", "appointments", ["org_id", "service_id"])
    op.create_index("appointments_staff_id_idx", "appointments", ["org_id", "staff_id", "scheduled_at"])


def downgrade() -> None:
    """Take the database back to the revision before."""
    for table in ("appointments", "staff", "services", "customers"):
        op.disable_tenancy(table)  # type: ignore[attr-defined]  # Portico adds it to Alembic when it migrates
        op.drop_table(table)


def _table(name: str, *members: SchemaItem) -> None:
    """Create a table of an organization's rows, closed to every other organization at once."""
    own_org = sa.text("nullif(current_setting('app.org', true), '')::uuid")
    op.create_table(
        name,
        sa.Column("org_id", sa.Uuid(), server_default=own_org, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("portico.new_id()"), nullable=False),
        *members,
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["portico.organizations.id"], name=f"{name}_org_id_fkey"),
        sa.PrimaryKeyConstraint("org_id", "id"),
    )
    op.enable_tenancy(name)  # type: ignore[attr-defined]  # Portico adds it to Alembic when it migrates


def _customers() -> Iterator[SchemaItem]:
    yield sa.Column("name", sa.Text(), nullable=False)
    yield sa.Column("email", sa.Text())
    yield sa.Column("phone", sa.Text())
    yield sa.Column("notes", sa.Text())
    yield sa.CheckConstraint("length(name) between 1 and 120", name="customers_name_length")
    yield sa.CheckConstraint("length(email) <= 320", name="customers_email_length")
    yield sa.CheckConstraint("length(phone) <= 40", name="customers_phone_length")
    yield sa.CheckConstraint("length(notes) <= 1000", name="customers_notes_length")


def _services() -> Iterator[SchemaItem]:
    yield sa.Column("name", sa.Text(), nullable=False)
    yield sa.Column("description", sa.Text())
    yield sa.Column("duration_minutes", sa.Integer(), nullable=False)
    yield sa.Column("price_minor", sa.Integer(), nullable=False)
    yield sa.Column("currency", sa.Text(), nullable=False)
    yield sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    yield sa.CheckConstraint("length(name) between 1 and 120", name="services_name_length")
    yield sa.CheckConstraint("length(description) <= 1000", name="services_description_length")
    yield sa.CheckConstraint("duration_minutes between 5 and 720", name="services_duration_range")
    yield sa.CheckConstraint("price_minor >= 0", name="services_price_range")
    yield sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="services_currency_form")


def _staff() -> Iterator[SchemaItem]:
    yield sa.Column("name", sa.Text(), nullable=False)
    yield sa.Column("email", sa.Text())
    yield sa.Column("title", sa.Text())
    yield sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    yield sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False)
    yield sa.CheckConstraint("length(name) between 1 and 120", name="staff_name_length")
    yield sa.CheckConstraint("length(email) <= 320", name="staff_email_length")
    yield sa.CheckConstraint("length(title) <= 120", name="staff_title_length")
    yield postgresql.ExcludeConstraint((sa.column("number"), "="), using="btree", name="staff_number_once")
    yield sa.UniqueConstraint("org_id", "id", "number", name="staff_id_number_key")


def _visits() -> Iterator[SchemaItem]:
    own_slots = "staff_number * 4294967296 + extract(epoch from {} at time zone 'UTC')::bigint / 60"
    slot = f"int8range({own_slots.format('scheduled_at')}, {own_slots.format('ends_at')})"
    caller = sa.text("nullif(current_setting('app.user', true), '')::uuid")
    yield sa.Column("customer_id", sa.Uuid(), nullable=False)
    yield sa.Column("service_id", sa.Uuid(), nullable=False)
    yield sa.Column("staff_id", sa.Uuid(), nullable=False)
    yield sa.Column("staff_number", sa.BigInteger(), nullable=False)
    yield sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=False)
    yield sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False)
    yield sa.Column("slot", postgresql.INT8RANGE(), sa.Computed(slot, persisted=True))
    yield sa.Column("status", sa.Text(), server_default=sa.text("'booked'"), nullable=False)
    yield sa.Column("notes", sa.Text())
    yield sa.Column("cancel_reason", sa.Text())
    yield sa.Column("created_by", sa.Uuid(), server_default=caller)


def _visit_rules() -> Iterator[SchemaItem]:
    whole_minutes = "extract(epoch from scheduled_at) % 60 = 0 and extract(epoch from ends_at) % 60 = 0"
    earliest, latest = "'1970-01-01 00:00:00+00'", "'2200-01-01 00:00:00+00'"
    in_range = f"scheduled_at >= {earliest} and ends_at > scheduled_at and ends_at < {latest}"
    known = "status in ('booked', 'confirmed', 'completed', 'cancelled')"
    yield sa.CheckConstraint(known, name="appointments_status_known")
    yield sa.CheckConstraint("length(notes) <= 500", name="appointments_notes_length")
    yield sa.CheckConstraint("length(cancel_reason) <= 200", name="appointments_reason_length")
    yield sa.CheckConstraint(whole_minutes, name="appointments_whole_minutes")
    yield sa.CheckConstraint(in_range, name="appointments_times_in_range")
    yield postgresql.ExcludeConstraint(
        (sa.column("slot"), "&&"),
        where=sa.text("status <> 'cancelled'"),
        using="gist",
        name="appointments_no_overlap",
    )


def _visit_keys() -> Iterator[SchemaItem]:
    for column, table in (("customer_id", "customers"), ("service_id", "services")):
        name = f"appointments_{column}_fkey"
        yield sa.ForeignKeyConstraint(["org_id", column], [f"{table}.org_id", f"{table}.id"], name=name)
    yield sa.ForeignKeyConstraint(
        ["org_id", "staff_id", "staff_number"],
        ["staff.org_id", "staff.id", "staff.number"],
        name="appointments_staff_fkey",
    )
