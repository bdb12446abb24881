"""Row level security as Alembic operations: by organization, by user, switched off, or none at all."""

from typing import ClassVar

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, Operations


class TableAccess(MigrateOperation):
    """Who may see a table from now on; `before` is what its table was, for the way back."""

    verb: ClassVar[str]

    def __init__(self, table: str, *, before: "type[TableAccess] | None" = None, reasons: tuple[str, ...] = ()) -> None:
        """`reasons` say what is wrong with the table that the operation mends."""
        self.table = table
        self.before = before
        self.reasons = reasons

    def reverse(self) -> "TableAccess":
        """Give back what the table was; a table that was nothing is closed to all but its owner."""
        return (self.before or DisableTenancy)(self.table, before=type(self))

    def to_diff_tuple(self) -> tuple[str, str]:
        """Tell Alembic the change in a word."""
        return (self.verb, self.table)

    def statements(self, table: str) -> list[str]:
        """SQL of the operation on a quoted table."""
        raise NotImplementedError


class GuardedTable(TableAccess):
    """Puts a table under forced row level security; restrictive policies of the application's own stay."""

    policy: ClassVar[str]
    whose: ClassVar[str]
    """`org` or `user`: both the column's name and the setting's follow from it."""
    reader: ClassVar[bool]
    """Whether reports see what their caller may see."""

    @classmethod
    def policies(cls, table: str) -> list[str]:
        """Statements that make the two policies of a quoted table, and no further one: each would let more rows in."""
        own = f"{cls.whose}_id = nullif((select current_setting('app.{cls.whose}', true)), '')::uuid"
        callers = "portico_app, portico_reader" if cls.reader else "portico_app"
        return [
            f"create policy {cls.policy} on {table} to {callers} using ({own}) with check ({own})",
            f"create policy house on {table} to portico_owner, portico_worker using (true) with check (true)",
        ]

    def statements(self, table: str) -> list[str]:
        """Leave no other permissive policy."""
        return [
            *_closed(table),
            *self.policies(table),
            f"alter table {table} enable row level security",
            f"alter table {table} force row level security",
            *_granted(table, reader=self.reader),
        ]


@Operations.register_operation("enable_tenancy")
class EnableTenancy(GuardedTable):
    """Put a table under forced row level security by organization."""

    verb = "enable_tenancy"
    policy = "tenant"
    whose = "org"
    reader = True

    @classmethod
    def enable_tenancy(cls, operations: Operations, table: str) -> None:
        """Let the application see its caller's organization's rows alone."""
        operations.invoke(cls(table))


@Operations.register_operation("enable_ownership")
class EnableOwnership(GuardedTable):
    """Put a table under forced row level security by user."""

    verb = "enable_ownership"
    policy = "self"
    whose = "user"
    reader = False

    @classmethod
    def enable_ownership(cls, operations: Operations, table: str) -> None:
        """Let the application see its caller's own rows alone, and reports none."""
        operations.invoke(cls(table))


@Operations.register_operation("disable_tenancy")
class DisableTenancy(TableAccess):
    """Take a table out of row level security, and away from everybody but its owner."""

    verb = "disable_tenancy"

    @classmethod
    def disable_tenancy(cls, operations: Operations, table: str) -> None:
        """Remove the policies and all grants: without its policies nobody but the owner may read the table."""
        operations.invoke(cls(table))

    def statements(self, table: str) -> list[str]:
        """Close the table before its row level security goes."""
        return [*_closed(table), *_unsecured(table)]


@Operations.register_operation("open_table")
class OpenTable(TableAccess):
    """Open a table that belongs to nobody."""

    verb = "open_table"

    @classmethod
    def open_table(cls, operations: Operations, table: str) -> None:
        """Let the application read and write all rows, whoever calls."""
        operations.invoke(cls(table))

    def statements(self, table: str) -> list[str]:
        """Grant what a tenant table grants, without policies."""
        return [*_closed(table), *_unsecured(table), *_granted(table, reader=True)]


@Operations.implementation_for(TableAccess)
def _run(operations: Operations, operation: TableAccess) -> None:
    quoted = operations.migration_context.dialect.identifier_preparer.quote(operation.table)
    for statement in operation.statements(f"public.{quoted}"):
        operations.execute(statement)


@renderers.dispatch_for(TableAccess)
def _render(_context: AutogenContext, operation: TableAccess) -> str:
    return f"op.{operation.verb}({str(operation.table)!r})"


def _closed(table: str) -> list[str]:
    return [
        f"""do $do$ declare policy name;
        begin
          for policy in select polname from pg_policy where polrelid = '{table}'::regclass and polpermissive loop
            execute format('drop policy %I on {table}', policy);
          end loop;
        end $do$""",
        f"revoke all on {table} from public, portico_app, portico_reader, portico_worker",
    ]


def _unsecured(table: str) -> list[str]:
    return [f"alter table {table} no force row level security", f"alter table {table} disable row level security"]


def _granted(table: str, *, reader: bool) -> list[str]:
    granted = [f"grant select, insert, update, delete on {table} to portico_app, portico_worker"]
    return [*granted, f"grant select on {table} to portico_reader"] if reader else granted
