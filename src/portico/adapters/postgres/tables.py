"""Table declarations: a table belongs to organizations, or says why it belongs to none."""

from collections.abc import Iterable, Iterator
from typing import Literal

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.sql.schema import SchemaItem

from portico.errors import Misconfigured

ORG = text("nullif(current_setting('app.org', true), '')::uuid")
NEW_ID = text("portico.new_id()")
LONGEST_NAME = 63

# The framework's table in a MetaData of its own: the application's MetaData holds the application's tables alone.
organizations = Table("organizations", MetaData(schema="portico"), Column("id", Uuid, primary_key=True))


def tenant_table(name: str, metadata: MetaData, *members: SchemaItem, comment: str | None = None) -> Table:
    """Declare a table whose every row belongs to one organization.

    `org_id` and `id` come by themselves, filled by the database: the caller's organization and a new UUIDv7.
    Unique keys begin with `org_id`, or one organization would learn what another has; each `belongs_to` gets its index.
    """
    table = Table(
        name,
        metadata,
        Column("org_id", Uuid, ForeignKey(organizations.c.id), nullable=False, server_default=ORG),
        Column("id", Uuid, nullable=False, server_default=NEW_ID),
        *members,
        PrimaryKeyConstraint("org_id", "id"),
        comment=comment,
        info={"portico": "tenant"},
    )
    _refuse_schema(table)
    _refuse_revealing_keys(table)
    _name_constraints(table)
    _index_references(table)
    return table


def open_table(name: str, metadata: MetaData, *members: SchemaItem, why: str, comment: str | None = None) -> Table:
    """Declare a table that belongs to no organization: every caller's actions may read and write all of it.

    `why` says what makes that right ("the list of countries is the same for everybody").
    """
    if not why.strip():
        raise Misconfigured(
            f'The open table "{name}" gives no reason: say why no organization owns its rows, in why="…".'
        )
    table = Table(name, metadata, *members, comment=comment, info={"portico": "open", "why": why})
    _refuse_schema(table)
    _name_constraints(table)
    return table


def belongs_to(
    table: str, *, column: str, ondelete: Literal["cascade", "restrict", "set null"] | None = None
) -> ForeignKeyConstraint:
    """Refer from `column` to a row of another tenant table, of the same organization always.

    The key is (org_id, column), so that no row can point at another organization's. With `ondelete="set null"` the
    column alone is emptied; the organization stays.
    """
    action = f"SET NULL ({column})" if ondelete == "set null" else ondelete and ondelete.upper()
    return ForeignKeyConstraint(["org_id", column], [f"{table}.org_id", f"{table}.id"], ondelete=action)


def undecided(metadata: MetaData) -> list[str]:
    """Name the tables that are neither a tenant's nor open: neither a migration nor an application starts with one."""
    return [table.name for table in metadata.tables.values() if "portico" not in table.info]


def refuse_undecided(metadata: MetaData) -> None:
    """Raise `Misconfigured`, naming the first table that says neither tenant nor open."""
    for name in undecided(metadata):
        raise Misconfigured(
            f'Table "{name}" does not say whose rows it holds: declare it with tenant_table("{name}", …), '
            f'or with open_table("{name}", …, why="…").'
        )


def missing_of_row(metadata: MetaData, table: str, columns: Iterable[str]) -> str:
    """Say what a policy that asks about a row of `table` would not find; nothing where all is there."""
    known = metadata.tables.get(table)
    if known is None or known.info.get("portico") != "tenant":
        return f'asks about rows of "{table}", which is no tenant table of App(metadata=…)'
    for column in columns:
        if column and column not in known.columns:
            return f"asks about {table}.{column}, which is no column; it has {', '.join(known.columns.keys())}"
    return ""


def _refuse_schema(table: Table) -> None:
    if table.schema:
        raise Misconfigured(f'Table "{table}": tables of an application live in the schema public; name no other.')


def _refuse_revealing_keys(table: Table) -> None:
    for columns in _unique_keys(table):
        if columns[:1] != ["org_id"]:
            raise Misconfigured(
                f'Table "{table.name}": a unique key of {", ".join(columns)} tells one organization what another has; '
                "begin it with org_id."
            )


def _unique_keys(table: Table) -> Iterator[list[str]]:
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield [column.name for column in constraint.columns]
    for index in table.indexes:
        if index.unique:
            yield [str(getattr(expression, "name", expression)) for expression in index.expressions]


def _name_constraints(table: Table) -> None:
    """Give PostgreSQL's own names at once, so that a generated downgrade can name what it drops."""
    for constraint in table.constraints:
        if constraint.name is not None:
            continue
        if isinstance(constraint, ForeignKeyConstraint):
            name = f"{table.name}_{constraint.column_keys[-1]}_fkey"
        elif isinstance(constraint, UniqueConstraint):
            name = f"{table.name}_{'_'.join(constraint.columns.keys())}_key"
        else:
            continue
        constraint.name = name if len(name) <= LONGEST_NAME else None


def _index_references(table: Table) -> None:
    """Index (org_id, column) of each reference to a tenant table, unless an index begins with them already."""
    begun = [list(index.columns.keys())[:2] for index in table.indexes] + [key[:2] for key in _unique_keys(table)]
    for constraint in table.foreign_key_constraints:
        columns = list(constraint.column_keys)
        if columns[0] == "org_id" and len(columns) == len(("org_id", "column")) and columns not in begun:
            Index(f"{table.name}_{columns[1]}_idx", *(table.c[column] for column in columns))
