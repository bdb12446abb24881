"""What must be decided before an application starts: a missing decision is a refusal, with what to write."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from portico.core.action import AnyAction, Declared
from portico.core.event import Event
from portico.core.inputs import MISSING
from portico.core.module import Module
from portico.core.plan import Plan, compile_plan
from portico.core.policy import Policy
from portico.core.task import Task
from portico.errors import Misconfigured


def compile_all(
    modules: tuple[Module, ...],
    defaults: tuple[Policy, ...],
    *,
    beneath: Callable[[AnyAction], Sequence[Policy]] = lambda _: (),
) -> Mapping[str, Plan]:
    """Every action's plan by name, in older versions too; `beneath` gives what holds where nobody says otherwise.

    Raises Misconfigured that lists all that is missing.
    """
    plans: dict[str, Plan] = {}
    problems: list[str] = []
    for module in modules:
        if not module.actions and not module.forms:
            problems.append(f"The module {module.name} has no action: import the file that declares them.")
        for action in (*module.actions, *_older(module, problems)):
            try:
                plan = compile_plan(action, defaults, beneath=beneath(action))
            except Misconfigured as problem:
                problems.append(f"{action.name} ({action.place}): {problem}.")
                continue
            if action.name in plans:
                problems.append(f"{action.name} ({action.place}) is declared twice; rename one.")
            plans[action.name] = plan
            problems += [f"{action.name} ({action.place}): {missing}." for missing in lacking(plan)]
    problems += [*_same_routes(plans), *_unfinished(plans)]
    if problems:
        raise Misconfigured("The application does not start.\n" + "\n".join(f"- {p}" for p in problems))
    return plans


def lacking(plan: Plan) -> Iterator[str]:
    """What the action's declaration lacks: a job has other duties."""
    task = plan.action.task
    if plan.action.kind == "webhook":
        yield from _unproved(plan)
    else:
        yield from undecided(plan) if task is None else _unfit(plan, task)


def _older(module: Module, problems: list[str]) -> tuple[AnyAction, ...]:
    """The actions in older versions; what is wrong with them is noted."""
    if not module.versions:
        return ()
    from portico.core.older import older_actions  # only who has versions loads it

    try:
        return tuple(older_actions(module))
    except Misconfigured as problem:
        problems.append(str(problem))
    return ()


def undecided(plan: Plan) -> Iterator[str]:
    """The decisions that the action has not made."""
    needs = plan.needs
    if plan.public:
        yield from _unfit_public(plan)
    if not plan.public and not needs.user:
        yield (
            f'its context {plan.context.__name__} lets anybody in; write Public("why anybody may"), '
            "or ctx: UserContext or OrgContext"
        )
    if needs.tenant and not needs.org and not plan.ask.slug:
        yield 'it does not say which organization it is in; write In("{slug}")'
    if needs.org and not any(p.authorizes for p in plan.policies):
        yield ('it makes no authorization decision; write Allow("things:do"), Owns("things"), or Anyone("why")')
    if plan.public and plan.action.kind == "mutation" and not any(p.limits for p in plan.own):
        yield 'a public mutation needs a limit of its own; write RateLimit("5/m", by="ip")'
    yield from _unsafe(plan)
    for policy in plan.policies:
        if not getattr(policy, "why", "a reason").strip():
            yield f"{type(policy).__name__} needs its reason; write {type(policy).__name__}('why')"


def _unfit_public(plan: Plan) -> Iterator[str]:
    """What is at odds with letting anybody in."""
    if plan.needs.user:
        yield f"it is public, but {plan.context.__name__} promises a user; write ctx: PublicContext or drop Public"
    if plan.permits:
        yield "it is public, but nobody holds a permission who is not signed in; leave Public or Allow out"


def _unfit(plan: Plan, task: Task) -> Iterator[str]:
    """What is wrong with a job."""
    if not plan.codec.bare:
        yield "a job has nobody to answer to; write -> None"
    if task.cron and (plan.needs.user or plan.needs.tenant):
        yield "a scheduled job runs for nobody; write ctx: SystemContext, and enter organizations with ctx.within(…)"
    if task.cron and any(p.default is MISSING for p in plan.binder.parameters):
        yield "a scheduled job is given no input; give each of its parameters a default"
    if not task.sealed and any(m.secret for m in plan.binder.members):
        yield "its input holds a secret, and would be kept readable; write @module.job(sealed=True)"
    if task.reads is not None and not (plan.needs.system and _takes_one_model(plan)):
        yield "what handles a webhook takes its event and nothing else; write (ctx: SystemContext, event: Model)"
    if task.listens is not None:
        yield from _unfit_handler(plan, task.listens)


def _unfit_handler(plan: Plan, event: type[Event]) -> Iterator[str]:
    """What is wrong with what handles an event."""
    if [p.model for p in plan.binder.parameters] != [event]:
        yield f"a handler takes the event and nothing else; write event: {event.__name__}"
    if plan.needs.user:
        yield "what handles an event runs for nobody; write ctx: TenantContext or ctx: SystemContext"
    if event.apart and not plan.needs.system:
        yield f"{event.__name__} is of no organization; write ctx: SystemContext, and enter one with ctx.within(…)"


def _unproved(plan: Plan) -> Iterator[str]:
    """What is wrong with an incoming webhook."""
    if all(p.proof is None for p in plan.policies):
        yield 'an incoming webhook needs a verifier; write Signature("stripe", secret="STRIPE_WEBHOOK_SECRET")'
    if plan.ask.key:
        yield "a provider sends no Idempotency-Key, and each event is taken once as it is; leave Idempotent out"


def _takes_one_model(plan: Plan) -> bool:
    return [p.model is not None for p in plan.binder.parameters] == [True]


def _unfit_export(plan: Plan) -> Iterator[str]:
    """What is wrong with an export."""
    if plan.ask.key:
        yield "an export is not stored, and cannot be replayed; leave Idempotent out"
    if taken := {"format", "bom"} & {m.name for m in plan.binder.members}:
        yield f"its member {min(taken)} says how an export is written; rename it"


def _unfit_subscription(plan: Plan) -> Iterator[str]:
    """What is wrong with a subscription."""
    if plan.ask.key:
        yield "a subscription is not stored, and cannot be replayed; leave Idempotent out"
    if any(p.aside is not None for p in plan.policies):
        yield "a subscription tells what happens, and calls no other service; leave External and Retry out"
    if any(p.contract().resources for p in plan.policies):
        yield "a subscription has no transaction that counts a quota; leave Quota out"
    if "last_event_id" in {m.name for m in plan.binder.members}:
        yield "its member last_event_id says where a stream goes on; rename it"


def _unsafe(plan: Plan) -> Iterator[str]:
    if plan.needs.system:
        yield "a SystemContext is for jobs; write ctx: PublicContext, or declare it with @module.job()"
    if plan.aside is not None and any(p.contract().resources for p in plan.policies):
        yield "External works outside of the transaction that counts a quota; write Quota on an action of its own"
    if plan.linked and not any(p.by_link for p in plan.own):
        yield 'a mutation at GET runs for whoever follows a link to it; write ByLink("why that does no harm")'
    if plan.linked and not plan.codec.redirect:
        yield "a browser that followed a link must be sent on; write -> Redirect"
    if plan.action.kind == "export":
        yield from _unfit_export(plan)
    if plan.action.kind == "subscription":
        yield from _unfit_subscription(plan)


def _unfinished(plans: Mapping[str, Plan]) -> Iterator[str]:
    """What is wrong with the jobs that finish what crashes have left open at other services."""
    for name, plan in plans.items():
        finish = plan.aside.finish if plan.aside is not None else None
        if not isinstance(finish, Declared):
            continue
        where, job = f"{name} ({plan.action.place})", plans.get(finish.name)
        if not plan.ask.key:
            yield f"{where}: only what was begun under a key can be finished; write Idempotent(), or leave finish out."
        if job is None or job.action.handler is not finish.handler:
            yield f"{where}: {finish.name}, which is to finish it, is not in this application; add its module."
        elif [member.name for member in job.binder.members] != ["key"]:
            yield f"{finish.name} ({finish.place}): it finishes {name} by the external key alone; write key: str."


def served_at(action: AnyAction, *, page: bool) -> str:
    """The path on the wire: pages stand at the root, everything else under the module's prefix."""
    return action.place.path if page else action.place.prefix + action.place.path


def _same_routes(plans: Mapping[str, Plan]) -> Iterator[str]:
    seen: dict[tuple[str, str], str] = {}
    for name, plan in plans.items():
        place = plan.action.place
        if plan.action.kind == "job":
            continue
        path = served_at(plan.action, page=plan.codec.page)
        shape = "/".join("{}" if part.startswith("{") else part for part in path.split("/"))
        other = seen.setdefault((place.method, shape), name)
        if other != name:
            yield f"{name} ({place}): {place.method} {path} is {other}'s already; choose another path."
