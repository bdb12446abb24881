"""What an application is made of, compiled: its actions' chains, its roles, its folders."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from portico.app.exports import export_defaults
from portico.app.naming import refuse_unknown
from portico.app.reserved import refuse_reserved
from portico.app.vouching import Who, check_who
from portico.core.action import AnyAction
from portico.core.experiments import NO_EXPERIMENTS, Experiment
from portico.core.fitting import fitting
from portico.core.flags import NO_SWITCHES, Switch, check_names
from portico.core.health import HealthCheck, distinct
from portico.core.module import Module
from portico.core.plan import Plan
from portico.core.policy import Policy, policies_among
from portico.core.quotas import NO_QUOTAS, Quotas
from portico.core.refusals import compile_all
from portico.core.relation import check_relations
from portico.errors import Misconfigured
from portico.policies.rate_limit import RateLimit

if TYPE_CHECKING:
    from sqlalchemy import MetaData

BUILT_IN: Mapping[str, Sequence[str]] = {"owner": ("*",), "admin": ("*",), "member": ()}
"""What the built-in roles may do, unless the application says otherwise; owners alone touch owners, and delete."""


class Assembly:
    """The parts of an application, closed; every mistake and every missing decision is refused here."""

    @fitting("App", but=("defaults", "roles"))
    def __init__(  # noqa: PLR0913  # keywords all, each a part of the assembly that may be left out
        self,
        name: str,
        *,
        modules: Sequence[Module],
        defaults: Sequence[Policy] = (),
        roles: Mapping[str, Sequence[str]] | None = None,
        templates: Path | None = None,
        static: Path | None = None,
        catalogs: Path | None = None,
        migrations: Path | None = None,
        metadata: "MetaData | None" = None,
        sign_in: str = "",
        confirm: str = "",
        quotas: Quotas = NO_QUOTAS,
        flags: Mapping[str, Switch] = NO_SWITCHES,
        experiments: Mapping[str, Experiment] = NO_EXPERIMENTS,
        checks: Sequence[HealthCheck] = (),
        who: Who | None = None,
    ) -> None:
        """Compile every action's chain of policies; raises Misconfigured that lists all that is undecided or wrong."""
        from portico.app.built_in import built_in  # its jobs are declared when an application wants them

        check_who(who)
        defaults = policies_among(defaults, where=f"App({name!r}, defaults=…)")
        if not any(p.limits for p in defaults):
            defaults = (RateLimit("api"), *defaults)
        self.name = name
        self.modules = tuple(modules)
        closed = (*self.modules, built_in)
        plans = compile_all(closed, defaults, beneath=export_defaults)
        refuse_reserved(plans.values(), (form.path for module in modules for form in module.forms))
        if metadata is not None:
            plans = _with_rows(metadata, plans)
        self.all_plans: Mapping[str, Plan] = plans
        self.plans: Mapping[str, Plan] = {n: p for n, p in plans.items() if p.action.origin == n}
        self.relations = tuple(relation for module in self.modules for relation in module.relations)
        check_relations(self.relations, self.plans)
        self.actions: Mapping[str, AnyAction] = {n: p.action for n, p in self.plans.items()}
        self.roles = {role: _held(role, held) for role, held in {**BUILT_IN, **(roles or {})}.items()}
        self.permissions = _known_permissions(self.plans, self.roles)
        self.templates, self.static, self.catalogs = templates, static, catalogs
        self.migrations, self.metadata = migrations, metadata
        self.sign_in, self.confirm, self.quotas = sign_in, confirm, quotas
        self.flags, self.experiments = flags, experiments
        check_names(flags, what="flags")
        check_names(experiments, what="experiments")
        refuse_unknown(self.plans, quotas, {*flags, *quotas.features})
        self.checks, self.who = distinct(checks), who


def _held(role: str, held: Sequence[str]) -> frozenset[str]:
    """What a role may do; raises Misconfigured where that is one text, whose letters would be permissions."""
    if isinstance(held, str):
        message = f'App(roles=…): what "{role}" may do is a list; write ["{held}"].'
        raise Misconfigured(message)
    return frozenset(held)


def _known_permissions(plans: Mapping[str, Plan], roles: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What the actions ask for and the application's roles hold, and `thing:*` of each; never `*`."""
    asked = {held for plan in plans.values() for policy in plan.policies for held in policy.contract().permissions}
    named = asked.union(*roles.values()) - {"*"}
    return frozenset(named | {f"{permission.partition(':')[0]}:*" for permission in named})


def _with_rows(metadata: "MetaData", plans: Mapping[str, Plan]) -> Mapping[str, Plan]:
    """The plans, each knowing whose the row is that its policies ask about, and which members its keys are about.

    Raises Misconfigured on wrong tables.
    """
    from portico.adapters.postgres import tables  # only who has tables loads it

    tables.check_tables(metadata)
    keys, settled = tables.members_of_keys(metadata), {}
    for name, plan in plans.items():
        ask, members = plan.ask, {member.name for member in plan.binder.members}
        settled[name] = replace(plan, blames={key: member for key, member in keys.items() if member in members})
        if not ask.table:
            continue
        if wrong := tables.wrong_of_row(metadata, ask.table, owner=ask.owner, version=ask.version):
            message = f"{name} ({plan.action.place}) {wrong}."
            raise Misconfigured(message)
        if owner := tables.owner_of(metadata, ask.table):
            settled[name] = replace(settled[name], ask=replace(ask, whose=owner.whose))
    return settled
