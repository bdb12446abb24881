"""Alembic's autogenerate, taught row level security and PostgreSQL's own spelling of defaults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import AlterColumnOp, CreateTableOp, DowngradeOps, UpgradeOps
from alembic.runtime.migration import MigrationContext
from alembic.runtime.plugins import Plugin
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import (
    Column,
    Computed,
    Connection,
    DefaultClause,
    FetchedValue,
    MetaData,
    Table,
    TextClause,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable

from portico.adapters.postgres.migrations.chains import Chain
from portico.adapters.postgres.tenancy import DisableTenancy, EnableTenancy, OpenTable, TableAccess, policies

PROBE = "portico_probe"

# Application tables and the probe, with what guards them.
READ_GUARDS = text("""
select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
  array(select format('%s may %s', coalesce(nullif(a.grantee, 0)::regrole::text, 'everybody'), a.privilege_type)
        from aclexplode(c.relacl) a
        where a.grantee in (0, 'portico_app'::regrole, 'portico_worker'::regrole, 'portico_reader'::regrole)) as grants
from pg_class c
where c.relkind in ('r', 'p') and c.relnamespace in ('public'::regnamespace, pg_my_temp_schema())
""")
READ_POLICIES = text("""
select tablename as table, policyname as name,
  concat_ws(' ', cmd, array(select unnest(roles) order by 1)::text, 'using', qual, 'check', with_check) as rule
from pg_policies
where permissive = 'PERMISSIVE'
  and schemaname in ('public', (select nspname from pg_namespace where oid = pg_my_temp_schema()))
""")
READ_DEFAULT = text("select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = cast(:probe as regclass)")

WRITERS, VERBS = ("portico_app", "portico_worker"), ("SELECT", "INSERT", "UPDATE", "DELETE")
ALLOWED = {f"{role} may {verb}" for role in WRITERS for verb in VERBS} | {"portico_reader may SELECT"}


@dataclass(frozen=True)
class Difference:
    """What a revision would have to do, each way."""

    context: MigrationContext
    upgrade: UpgradeOps
    downgrade: DowngradeOps

    def code(self, operations: UpgradeOps | DowngradeOps) -> str:
        """Write operations as the body of a revision's function."""
        if operations.is_empty():
            return ""
        lines = render_python_code(operations, migration_context=self.context).splitlines()
        return "\n".join(line for line in lines if "# ###" not in line).strip()


def compare(chain: Chain, metadata: MetaData, connection: Connection) -> Difference:
    """Find what the database lacks of what `metadata` says."""
    context = chain.context(
        connection,
        include_name=_is_the_applications,
        compare_server_default=True,
        autogenerate_plugins=["alembic.autogenerate.*", "portico"],
    )
    script = produce_migrations(context, metadata)
    return Difference(context, script.upgrade_ops or UpgradeOps(), script.downgrade_ops or DowngradeOps())


@dataclass(frozen=True)
class Guard:
    """What stands between a table and its readers; policies by name, as PostgreSQL spells them."""

    enabled: bool
    forced: bool
    grants: frozenset[str]
    policies: Mapping[str, str]


def _is_the_applications(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and name == "portico_version")


def _compare_access(context: AutogenContext, upgrade: UpgradeOps) -> PriorityDispatchResult:
    connection, metadata = context.connection, context.metadata
    if connection is not None and isinstance(metadata, MetaData):
        guards, tenant = _read_guards(connection)
        dropped = [name for name in guards.keys() - metadata.tables.keys() if "tenant" in guards[name].policies]
        upgrade.ops[:0] = [DisableTenancy(name, before=EnableTenancy) for name in sorted(dropped)]
        for operation in upgrade.ops:
            if isinstance(operation, CreateTableOp):
                operation.info = {}  # the operation on the table's access says the same, and does it
        for table in metadata.sorted_tables:
            upgrade.ops.extend(_mend(table, guards.get(table.name), tenant))
    return PriorityDispatchResult.CONTINUE


def _mend(table: Table, guard: Guard | None, tenant: Mapping[str, str]) -> Iterator[TableAccess]:
    operation = EnableTenancy if table.info.get("portico") == "tenant" else OpenTable
    if guard is None:
        yield operation(table.name)
        return
    faults = _tenant_faults(guard, tenant) if operation is EnableTenancy else _open_faults(guard)
    if reasons := tuple(faults):
        yield operation(table.name, before=_before(operation, guard), reasons=reasons)


def _before(operation: type[TableAccess], guard: Guard) -> type[TableAccess]:
    """What the way back makes of the table: what it was, but never an open one of a tenant's with a broken guard."""
    if "tenant" in guard.policies:
        return EnableTenancy
    if operation is EnableTenancy and not guard.enabled and not guard.policies:
        return OpenTable if guard.grants else DisableTenancy
    return operation


def _tenant_faults(guard: Guard, tenant: Mapping[str, str]) -> Iterator[str]:
    if not guard.enabled:
        yield "row level security is off"
    if not guard.forced:
        yield "row level security is not forced on its owner"
    for name, rule in tenant.items():
        if name not in guard.policies:
            yield f'the policy "{name}" is missing'
        elif guard.policies[name] != rule:
            yield f'the policy "{name}" is not the one that op.enable_tenancy makes'
    for name in sorted(guard.policies.keys() - tenant.keys()):
        yield f'the policy "{name}" lets further rows in; a policy of your own is made "as restrictive"'
    yield from _grant_faults(guard)


def _open_faults(guard: Guard) -> Iterator[str]:
    if guard.enabled or guard.forced:
        yield "row level security is on, though the table is declared open"
    yield from _grant_faults(guard)


def _grant_faults(guard: Guard) -> Iterator[str]:
    if not guard.grants:
        yield "the application may not even read it"
    yield from sorted(guard.grants - ALLOWED)


def _read_guards(connection: Connection) -> tuple[dict[str, Guard], Mapping[str, str]]:
    """Guards of all tables, and the policies of a right tenant table as this server spells them, from a probe."""
    with connection.begin_nested() as savepoint:
        connection.execute(text(f"create temporary table {PROBE} (org_id uuid)"))
        for statement in policies(f"pg_temp.{PROBE}"):
            connection.execute(text(statement))
        rules = connection.execute(READ_POLICIES).mappings().all()
        tables = connection.execute(READ_GUARDS).mappings().all()
        savepoint.rollback()
    guards = {}
    for table in tables:
        own = [rule for rule in rules if rule["table"] == table["name"]]
        guards[table["name"]] = Guard(
            enabled=table["enabled"],
            forced=table["forced"],
            grants=frozenset(table["grants"]),
            policies={rule["name"]: rule["rule"] for rule in own},
        )
    return guards, guards.pop(PROBE).policies


def _compare_default(context: AutogenContext, change: AlterColumnOp, *where: object) -> PriorityDispatchResult:
    """Let the server spell what is declared: comparing values would call each volatile function a difference."""
    found, declared = where[-2:]
    if not (isinstance(found, Column) and isinstance(declared, Column) and context.connection is not None):
        return PriorityDispatchResult.CONTINUE
    kind = type(declared.server_default)
    if kind not in {DefaultClause, Computed} or kind is not type(found.server_default):
        return PriorityDispatchResult.CONTINUE
    if _spelled(context.connection, found, declared) == _text(found.server_default):
        return PriorityDispatchResult.STOP
    if kind is DefaultClause:
        change.modify_server_default = declared.server_default
        return PriorityDispatchResult.STOP
    return PriorityDispatchResult.CONTINUE


def _spelled(connection: Connection, found: Column[object], declared: Column[object]) -> str | None:
    """The declared default or computation in the server's words, beside the columns that it may speak of."""
    it = Column(declared.name, declared.type, server_default=declared.server_default)
    if isinstance(declared.server_default, Computed):
        it = Column(declared.name, declared.type, Computed(declared.server_default.sqltext, persisted=True))
    others = [Column(c.name, c.type) for c in found.table.columns if c.name != declared.name]
    try:
        with connection.begin_nested() as savepoint:
            connection.execute(CreateTable(Table(PROBE, MetaData(), *others, it, prefixes=["temporary"])))
            spelled: str | None = connection.scalar(READ_DEFAULT, {"probe": PROBE})
            savepoint.rollback()
    except DBAPIError:  # it speaks of something that the database does not have yet
        return None
    return spelled


def _text(default: FetchedValue | None) -> str | None:
    clause = default.sqltext if isinstance(default, Computed) else getattr(default, "arg", None)
    return clause.text if isinstance(clause, TextClause) else None


_plugin = Plugin("portico")
_plugin.add_autogenerate_comparator(_compare_access, "autogenerate", priority=DispatchPriority.LAST)
_plugin.add_autogenerate_comparator(_compare_default, "column", "server_default", priority=DispatchPriority.FIRST)
