"""The tables of an office: papers, and remarks on them."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Column, DateTime, Integer, MetaData, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import DeclarativeBase, Mapped

from portico.tables import belongs_to, open_table, tenant_table

metadata = MetaData()
WRITER = text("nullif(current_setting('app.user', true), '')::uuid")

papers = tenant_table(
    "papers",
    metadata,
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False, server_default=""),
    Column("pages", Integer, nullable=False, server_default="1"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_by", Uuid, server_default=WRITER),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    UniqueConstraint("org_id", "title", name="papers_title_key"),
    CheckConstraint("length(title) <= 40", name="papers_title_length"),
    CheckConstraint("pages >= 0", name="papers_pages_positive"),
)
remarks = tenant_table(
    "remarks",
    metadata,
    Column("paper_id", Uuid, nullable=False),
    Column("text", Text, nullable=False),
    belongs_to("papers", column="paper_id"),
)
forms = open_table(
    "forms", metadata, Column("number", Text, primary_key=True), why="the authority's forms are the same for everybody"
)


class Rows(DeclarativeBase):
    """The office's tables as classes."""

    metadata = metadata


class PaperRow(Rows):
    """A paper, to the ORM."""

    __table__ = papers
    id: Mapped[UUID]
    title: Mapped[str]
    body: Mapped[str]
    pages: Mapped[int]
    version: Mapped[int]
