"""Table declarations: a table belongs to organizations or to users, or says why it belongs to nobody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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

NEW_ID = text("portico.new_id()")
LONGEST_NAME = 63

# The framework's tables in a MetaData of their own: the application's MetaData holds the application's tables alone.
FRAMEWORK = MetaData(schema="portico")
organizations = Table("organizations", FRAMEWORK, Column("id", Uuid, primary_key=True))
users = Table("users", FRAMEWORK, Column("id", Uuid, primary_key=True))


@dataclass(frozen=True)
class Owner:
    """Whose rows a table keeps apart."""

    word: str
    whose: Literal["org", "user"]
    """As the gate calls it; its setting is `app.org` or `app.user`."""
    table: Table
    ondelete: str | None

    @property
    def key(self) -> str:
        """The column that names the owner, and begins every key."""
        return f"{self.whose}_id"

    def column(self) -> Column[object]:
        """That column, filled by the database with who calls."""
        caller = text(f"nullif(current_setting('app.{self.whose}', true), '')::uuid")
        reference = ForeignKey(self.table.c.id, ondelete=self.ondelete)
        return Column(self.key, Uuid, reference, nullable=False, server_default=caller)


OWNERS: Mapping[object, Owner] = {
    "tenant": Owner("organization", "org", organizations, ondelete=None),
    "user": Owner("user", "user", users, ondelete="CASCADE"),
}
"""By a table's kind, which stands in its `info`."""


class Reference(ForeignKeyConstraint):
    """A reference by `belongs_to`, whose key begins with the owner of the table that it is put into."""

    def __init__(self, table: str, column: str, *, ondelete: str | None, owner: Owner = OWNERS["tenant"]) -> None:
        """An organization's until it is put into a user's table."""
        super().__init__([owner.key, column], [f"{table}.{owner.key}", f"{table}.id"], ondelete=ondelete)
        self._given = (table, column, ondelete)
        self.indexed = True

    def within(self, owner: Owner) -> "Reference":
        """The same reference in a table of that owner."""
        table, column, ondelete = self._given
        reference = Reference(table, column, ondelete=ondelete, owner=owner)
        reference.indexed = self.indexed
        return reference


def tenant_table(name: str, metadata: MetaData, *members: SchemaItem, comment: str | None = None) -> Table:
    """Declare a table whose every row belongs to one organization.

    `org_id` and `id` come by themselves, filled by the database: the caller's organization and a new UUIDv7.
    Unique keys begin with `org_id`, or one organization would learn what another has; each `belongs_to` gets its index.
    """
    return _owned("tenant", name, metadata, *members, comment=comment)


def user_table(name: str, metadata: MetaData, *members: SchemaItem, comment: str | None = None) -> Table:
    """Declare a table whose every row belongs to one user, whatever the organization, and goes when the account goes.

    `user_id` and `id` come by themselves, filled by the database: who is signed in and a new UUIDv7. Unique keys begin
    with `user_id`; each `belongs_to` gets its index. Reports see nothing of it.
    """
    return _owned("user", name, metadata, *members, comment=comment)


def open_table(name: str, metadata: MetaData, *members: SchemaItem, why: str, comment: str | None = None) -> Table:
    """Declare a table that belongs to nobody: every caller's actions may read and write all of it.

    `why` says what makes that right ("the list of countries is the same for everybody").
    """
    if not why.strip():
        raise Misconfigured(f'The open table "{name}" gives no reason: say why nobody owns its rows, in why="…".')
    table = Table(name, metadata, *members, comment=comment, info={"portico": "open", "why": why})
    _refuse_schema(table)
    _name_constraints(table)
    return table


def belongs_to(
    table: str,
    *,
    column: str,
    ondelete: Literal["cascade", "restrict", "set null"] | None = None,
    indexed: bool = True,
) -> ForeignKeyConstraint:
    """Refer from `column` to a row of another table, of the same organization or user always.

    The key is (org_id, column) in a tenant table and (user_id, column) in a user table, so that no row can point at
    somebody else's; both tables are of one kind. With `ondelete="set null"` the column alone is emptied: the owner
    stays. `indexed=False` leaves its index out, which each new row has to be put into: for a table that is written
    often, never read by that column, and refers to rows that are hardly ever deleted.
    """
    action = f"SET NULL ({column})" if ondelete == "set null" else ondelete and ondelete.upper()
    reference = Reference(table, column, ondelete=action)
    reference.indexed = indexed
    return reference


def undecided(metadata: MetaData) -> list[str]:
    """Name the tables that say neither whose they are nor why nobody's: nothing starts or migrates with one."""
    return [table.name for table in metadata.tables.values() if "portico" not in table.info]


def check_tables(metadata: MetaData) -> None:
    """Raise `Misconfigured`, naming the first table that does not say whose it is, or refers to another owner's."""
    for name in undecided(metadata):
        raise Misconfigured(
            f'Table "{name}" does not say whose rows it holds: declare it with tenant_table("{name}", …), '
            f'user_table("{name}", …), or open_table("{name}", …, why="…").'
        )
    for table in metadata.tables.values():
        _refuse_crossing(table, metadata)


def owner_of(metadata: MetaData, table: str) -> Owner | None:
    """Whose rows the table keeps apart; None where it is open, or unknown."""
    known = metadata.tables.get(table)
    return None if known is None else OWNERS.get(known.info.get("portico"))


def wrong_of_row(metadata: MetaData, table: str, *, owner: str, version: str) -> str:
    """Say what is wrong with a policy that asks about those columns of a row; nothing where nothing is."""
    kept = owner_of(metadata, table)
    if kept is None:
        return f'asks about rows of "{table}", which is no tenant table and no user table of App(metadata=…)'
    if owner and kept.whose == "user":
        return f'asks who owns a row of "{table}", whose rows are each user\'s own already; leave Owns out'
    known = metadata.tables[table].columns
    for column in (owner, version):
        if column and column not in known:
            return f"asks about {table}.{column}, which is no column; it has {', '.join(known.keys())}"
    return ""


def members_of_keys(metadata: MetaData) -> Mapping[str, str]:
    """The column that a unique key is about beside its owner's, by the key's name; of a wider key nothing is said."""
    found: dict[str, str] = {}
    for table in metadata.tables.values():
        owner = owner_of(metadata, table.name)
        kept = owner.key if owner is not None else ""
        keys: list[UniqueConstraint | Index] = [index for index in table.indexes if index.unique]
        keys += [constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
        for key in keys:
            columns = [column.name for column in key.columns if column.name != kept]
            if len(columns) == 1 and key.name is not None:
                found[str(key.name)] = columns[0]
    return found


def _owned(kind: str, name: str, metadata: MetaData, *members: SchemaItem, comment: str | None) -> Table:
    owner = OWNERS[kind]
    table = Table(
        name,
        metadata,
        owner.column(),
        Column("id", Uuid, nullable=False, server_default=NEW_ID),
        *(member.within(owner) if isinstance(member, Reference) else member for member in members),
        PrimaryKeyConstraint(owner.key, "id"),
        comment=comment,
        info={"portico": kind},
    )
    _refuse_schema(table)
    _refuse_revealing_keys(table, owner)
    _name_constraints(table)
    _index_references(table, owner)
    return table


def _refuse_schema(table: Table) -> None:
    if table.schema:
        raise Misconfigured(f'Table "{table}": tables of an application live in the schema public; name no other.')


def _refuse_revealing_keys(table: Table, owner: Owner) -> None:
    for columns in _unique_keys(table):
        if columns[:1] != [owner.key]:
            raise Misconfigured(
                f'Table "{table.name}": a unique key of {", ".join(columns)} tells one {owner.word} what another has; '
                f"begin it with {owner.key}."
            )


def _refuse_crossing(table: Table, metadata: MetaData) -> None:
    """A key that crosses would let a row of the one be felt in the other: by its refusal, or by what goes along."""
    owner = owner_of(metadata, table.name)
    for constraint in table.foreign_key_constraints:
        there = constraint.elements[0].target_fullname.rpartition(".")[0]
        other = owner_of(metadata, there)
        if owner and other and owner is not other:
            raise Misconfigured(
                f'Table "{table.name}" keeps each {owner.word}\'s rows and refers to "{there}", which keeps each '
                f"{other.word}'s: who may see the one may not see the other. What is about an organization's row is "
                "the organization's: declare both with tenant_table, and name the user in a column."
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


def _index_references(table: Table, owner: Owner) -> None:
    """Index (owner, column) of each reference to a table of the same kind, unless an index begins with them already.

    Or unless the reference wants none.
    """
    begun = [list(index.columns.keys())[:2] for index in table.indexes] + [key[:2] for key in _unique_keys(table)]
    for constraint in table.foreign_key_constraints:
        columns = list(constraint.column_keys)
        if isinstance(constraint, Reference) and not constraint.indexed:
            continue
        if columns[0] == owner.key and len(columns) == len(("owner", "column")) and columns not in begun:
            Index(f"{table.name}_{columns[1]}_idx", *(table.c[column] for column in columns))
