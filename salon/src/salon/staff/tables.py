"""The table of staff."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from portico.tables import tenant_table
from salon.metadata import metadata

staff = tenant_table(
    "staff",
    metadata,
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("title", Text),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    # Counts over all organizations and is never shown: the slots of two organizations can never collide.
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    CheckConstraint("length(name) between 1 and 120", name="staff_name_length"),
    CheckConstraint("length(email) <= 320", name="staff_email_length"),
    CheckConstraint("length(title) <= 120", name="staff_title_length"),
    ExcludeConstraint(("number", "="), name="staff_number_once", using="btree"),
    UniqueConstraint("org_id", "id", "number", name="staff_id_number_key"),
)

Index("staff_email_key", staff.c.org_id, text("lower(email)"), unique=True)
