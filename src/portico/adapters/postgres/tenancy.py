"""Row level security as Alembic operations: `op.enable_tenancy`, `op.disable_tenancy`, `op.open_table`."""

from typing import ClassVar

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, Operations

OWN_ORG = "org_id = nullif((select current_setting('app.org', true)), '')::uuid"


def policies(table: str) -> list[str]:
    """Statements that make the two policies of a tenant table, whose name comes quoted."""
    return [
        f"create policy tenant on {table} to portico_app, portico_reader using ({OWN_ORG}) with check ({OWN_ORG})",
        f"create policy house on {table} to portico_owner, portico_worker using (true) with check (true)",
    ]


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


@Operations.register_operation("enable_tenancy")
class EnableTenancy(TableAccess):
    """Put a table under forced row level security by organization."""

    verb = "enable_tenancy"

    @classmethod
    def enable_tenancy(cls, operations: Operations, table: str) -> None:
        """Let the application see its own organization's rows alone; restrictive policies of your own stay."""
        operations.invoke(cls(table))

    def statements(self, table: str) -> list[str]:
        """Leave exactly two permissive policies: each further one would let more rows in."""
        return [
            *_closed(table),
            *policies(table),
            f"alter table {table} enable row level security",
            f"alter table {table} force row level security",
            *_granted(table),
        ]


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
    """Open a table that belongs to no organization."""

    verb = "open_table"

    @classmethod
    def open_table(cls, operations: Operations, table: str) -> None:
        """Let the application read and write all rows, whatever the organization."""
        operations.invoke(cls(table))

    def statements(self, table: str) -> list[str]:
        """Grant what a tenant table grants, without policies."""
        return [*_closed(table), *_unsecured(table), *_granted(table)]


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


def _granted(table: str) -> list[str]:
    return [
        f"grant select, insert, update, delete on {table} to portico_app, portico_worker",
        f"grant select on {table} to portico_reader",
    ]
