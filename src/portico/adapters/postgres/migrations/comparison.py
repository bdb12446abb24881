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
from portico.adapters.postgres.tenancy import (
    DisableTenancy,
    EnableOwnership,
    EnableTenancy,
    GuardedTable,
    OpenTable,
    TableAccess,
)
from portico.errors import Misconfigured

PROBE = "portico_probe"
GUARDED: Mapping[object, type[GuardedTable]] = {"tenant": EnableTenancy, "user": EnableOwnership}

# Application tables and the probes, with what guards them.
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
ALLOWED = frozenset(f"{role} may {verb}" for role in WRITERS for verb in VERBS)
READABLE = ALLOWED | {"portico_reader may SELECT"}


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

    def refuse_new_owners(self) -> None:
        """Raise `Misconfigured` where an organization's rows are to be users', or the other way round."""
        for operation in self.upgrade.ops:
            if isinstance(operation, GuardedTable) and operation.before in {*GUARDED.values()} - {type(operation)}:
                raise Misconfigured(
                    f'Table "{operation.table}" changes from one kind of owner to another, and whose each row will be '
                    "cannot be told: declare a table of another name, move the rows by hand, then drop the old one."
                )


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
        guards, right = _read_guards(connection)
        dropped = sorted(guards.keys() - metadata.tables.keys())
        upgrade.ops[:0] = [DisableTenancy(name, before=was) for name in dropped if (was := _was(guards[name]))]
        for operation in upgrade.ops:
            if isinstance(operation, CreateTableOp):
                operation.info = {}  # the operation on the table's access says the same, and does it
        for table in metadata.sorted_tables:
            upgrade.ops.extend(_mend(table, guards.get(table.name), right))
    return PriorityDispatchResult.CONTINUE


def _mend(
    table: Table, guard: Guard | None, right: Mapping[type[GuardedTable], Mapping[str, str]]
) -> Iterator[TableAccess]:
    operation = _wanted(table)
    if guard is None:
        yield operation(table.name)
        return
    if issubclass(operation, GuardedTable):
        faults = _guard_faults(guard, right[operation], operation)
    else:
        faults = _open_faults(guard)
    if reasons := tuple(faults):
        yield operation(table.name, before=_before(operation, guard), reasons=reasons)


def _wanted(table: Table) -> type[TableAccess]:
    return GUARDED.get(table.info.get("portico"), OpenTable)


def _was(guard: Guard, wanted: type[TableAccess] | None = None) -> type[GuardedTable] | None:
    """What the table's policies say it is: what is wanted, if they say that too."""
    kinds = [kind for kind in GUARDED.values() if kind.policy in guard.policies]
    return next((kind for kind in kinds if kind is wanted), kinds[0] if kinds else None)


def _before(operation: type[TableAccess], guard: Guard) -> type[TableAccess]:
    """What the way back makes of the table: what it was, but never an open one of a guarded one with a broken guard."""
    if was := _was(guard, operation):
        return was
    if operation is not OpenTable and not guard.enabled and not guard.policies:
        return OpenTable if guard.grants else DisableTenancy
    return operation


def _guard_faults(guard: Guard, rules: Mapping[str, str], operation: type[GuardedTable]) -> Iterator[str]:
    was = _was(guard, operation)
    if was not in {None, operation}:
        yield f'its rows are kept by the policy "{was.policy}", and are declared to be another owner\'s'
        return
    if not guard.enabled:
        yield "row level security is off"
    if not guard.forced:
        yield "row level security is not forced on its owner"
    for name, rule in rules.items():
        if name not in guard.policies:
            yield f'the policy "{name}" is missing'
        elif guard.policies[name] != rule:
            yield f'the policy "{name}" is not the one that op.{operation.verb} makes'
    for name in sorted(guard.policies.keys() - rules.keys()):
        yield f'the policy "{name}" lets further rows in; a policy of your own is made "as restrictive"'
    yield from _grant_faults(guard, READABLE if operation.reader else ALLOWED)


def _open_faults(guard: Guard) -> Iterator[str]:
    if guard.enabled or guard.forced:
        yield "row level security is on, though the table is declared open"
    yield from _grant_faults(guard, READABLE)


def _grant_faults(guard: Guard, allowed: frozenset[str]) -> Iterator[str]:
    if not guard.grants:
        yield "the application may not even read it"
    yield from sorted(guard.grants - allowed)


def _read_guards(connection: Connection) -> tuple[dict[str, Guard], Mapping[type[GuardedTable], Mapping[str, str]]]:
    """Guards of all tables, and the policies of each kind of guarded table as this server spells them, from probes."""
    with connection.begin_nested() as savepoint:
        for kind in GUARDED.values():
            connection.execute(text(f"create temporary table {_probe(kind)} (org_id uuid, user_id uuid)"))
            for statement in kind.policies(f"pg_temp.{_probe(kind)}"):
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
    return guards, {kind: guards.pop(_probe(kind)).policies for kind in GUARDED.values()}


def _probe(kind: type[GuardedTable]) -> str:
    return f"{PROBE}_{kind.policy}"


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
