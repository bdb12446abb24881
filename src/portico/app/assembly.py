"""What an application is made of, compiled: its actions' chains, its roles, its folders."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from portico.core.action import AnyAction
from portico.core.module import Module
from portico.core.plan import Plan
from portico.core.policy import Policy
from portico.core.refusals import compile_all
from portico.errors import Misconfigured
from portico.policies.rate_limit import RateLimit

if TYPE_CHECKING:
    from sqlalchemy import MetaData

BUILT_IN: Mapping[str, Sequence[str]] = {"owner": ("*",), "admin": ("*",), "member": ()}
"""What the built-in roles may do, unless the application says otherwise."""


class Assembly:
    """The parts of an application, closed; every mistake and every missing decision is refused here."""

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
    ) -> None:
        """Compile every action's chain of policies; raises Misconfigured that lists all that is undecided or wrong."""
        if not any(p.limits for p in defaults):
            defaults = (RateLimit("api"), *defaults)
        self.name = name
        self.modules = tuple(modules)
        self.plans: Mapping[str, Plan] = compile_all(self.modules, tuple(defaults))
        self.actions: Mapping[str, AnyAction] = {n: p.action for n, p in self.plans.items()}
        self.roles = {role: frozenset(held) for role, held in {**BUILT_IN, **(roles or {})}.items()}
        self.templates, self.static, self.catalogs = templates, static, catalogs
        self.migrations, self.metadata, self.sign_in = migrations, metadata, sign_in
        if metadata is not None:
            _refuse_undecided(metadata, self.plans)


def _refuse_undecided(metadata: "MetaData", plans: Mapping[str, Plan]) -> None:
    from portico.adapters.postgres.tables import missing_of_row, refuse_undecided  # only who has tables loads it

    refuse_undecided(metadata)
    for name, plan in plans.items():
        ask = plan.ask
        if ask.table and (missing := missing_of_row(metadata, ask.table, (ask.owner, ask.version))):
            message = f"{name} ({plan.action.place}) {missing}."
            raise Misconfigured(message)
