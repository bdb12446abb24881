"""An action made ready to run: its layers of policies merged, its hooks sorted, its mistakes refused."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

from portico.core.action import STREAMS, AnyAction
from portico.core.aside import Aside
from portico.core.caching import Function, Keeper
from portico.core.charging import Toll
from portico.core.context import OrgContext, PublicContext, SystemContext, TenantContext, UserContext
from portico.core.draining import Drain
from portico.core.encoding import Codec
from portico.core.inputs import Binder
from portico.core.mentions import check_mentions
from portico.core.policy import Ask, Policy, Stage, overrides
from portico.core.signature import Signature, read_signature
from portico.core.stream import row_of
from portico.core.template import FIELD, Template
from portico.errors import Error, Misconfigured


class Needs:
    """What a context promises its handler, and so the pipeline must see to."""

    __slots__ = ("org", "system", "tenant", "user")

    def __init__(self, context: type[PublicContext]) -> None:
        """Read it off the context's class."""
        self.user = issubclass(context, UserContext)
        self.tenant = issubclass(context, TenantContext)
        self.org = issubclass(context, OrgContext)
        self.system = issubclass(context, SystemContext)


@dataclass(frozen=True, eq=False)
class Plan:
    """What one call of an action takes, worked out at start-up; a call pays for what its action declares."""

    action: AnyAction
    policies: tuple[Policy, ...]
    own: tuple[Policy, ...]
    """The policies written on the action itself."""
    handler: Callable[..., Coroutine[Any, Any, object]]
    """The action's own, or what keeps its answers."""
    context: type[PublicContext]
    needs: Needs
    public: bool
    """Whether somebody said that anybody may call."""
    permits: bool
    """Whether a permission decides, so that an API key's scopes say what it may."""
    read_only: bool
    """Whether its transaction may not write."""
    binder: Binder
    codec: Codec
    ask: Ask
    slug: Template | None
    row: Template | None
    caller_limits: tuple[Policy, ...]
    caller: tuple[Policy, ...]
    access: tuple[Policy, ...]
    limits: tuple[Policy, ...]
    limit: tuple[Policy, ...]
    input: tuple[Policy, ...]
    replay: tuple[Policy, ...]
    state: tuple[Policy, ...]
    checks: tuple[Policy, ...]
    refinements: tuple[Policy, ...]
    wraps: tuple[Policy, ...]
    records: tuple[Policy, ...]
    meanings: dict[str, type[Error]] = field(default_factory=dict)
    blames: Mapping[str, str] = field(default_factory=dict)
    """The input member that a unique key is about, by the key's name."""
    errors: frozenset[type[Error]] = frozenset()
    seconds: float | None = None
    """How long a call may take; None: as long as the settings say."""
    mails: frozenset[str] = frozenset()
    """Templates of the mails that it may send."""
    aside: Aside | None = None
    """The service that the handler calls, where it works outside of the transaction; a subscription calls none."""

    @property
    def unsure(self) -> bool:
        """Whether a crash while it calls another service leaves open what was done: it takes no key."""
        return self.aside is not None and not self.read_only and not self.ask.key

    @cached_property
    def named(self) -> bytes:
        """What the fingerprint of an input begins with: the same input of another action is another."""
        return f"{self.action.place.prefix}/{self.action.name}\0".encode()

    @cached_property
    def caller_toll(self) -> Toll:
        """What calls use up of limits that the wire alone can tell."""
        return Toll(self.caller_limits)

    @cached_property
    def toll(self) -> Toll:
        """What they use up of limits that know the caller."""
        return Toll(self.limits)

    @cached_property
    def kept(self) -> bool:
        """Whether its answer may be at hand already, once the gate is passed."""
        return isinstance(self.handler, Keeper)

    @cached_property
    def unrecorded(self) -> "Plan":
        """The same with nothing noted of what came of it: one for all streams, which are noted when they open."""
        return replace(self, records=())

    @property
    def is_page(self) -> bool:
        """Whether it is for people: a query that returns `Html` or `Redirect`, at its bare path."""
        return self.codec.page or (self.codec.redirect and self.read_only)

    @property
    def linked(self) -> bool:
        """Whether it writes, and is reached by a link all the same."""
        return self.action.kind == "mutation" and self.action.place.method == "GET"


def compile_plan(action: AnyAction, app_defaults: Sequence[Policy], *, beneath: Sequence[Policy] = ()) -> Plan:
    """Make an action ready; `beneath` holds where nobody says otherwise. Raises Misconfigured."""
    signature = read_signature(action.handler, action.place.method, set(FIELD.findall(action.place.path)))
    policies, needs = merge(action, app_defaults, beneath=beneath), Needs(signature.context)
    ask = _asked(policies)
    codec = Codec(row_of(signature.returns) if action.kind in STREAMS else signature.returns)
    check_mentions(policies, signature.binder, codec)
    _check_key(action, signature.binder)

    having = partial(_having, policies)
    return Plan(
        action=action,
        policies=policies,
        own=action.policies,
        handler=_handler(action, signature, codec, policies=policies),
        context=signature.context,
        needs=needs,
        public=any(p.admits_nobody for p in policies) or (action.kind == "job" and not needs.user),
        permits=any(p.permits for p in policies),
        read_only=action.kind in {"query", *STREAMS},
        binder=signature.binder,
        codec=codec,
        ask=ask,
        slug=Template(ask.slug) if ask.slug else None,
        row=Template(ask.row) if ask.row else None,
        caller_limits=having("charge", Stage.CALLER),
        caller=having("decide", Stage.CALLER),
        access=having("decide", Stage.HIDDEN) + having("decide", Stage.ACCESS),
        limits=having("charge", Stage.LIMIT),
        limit=having("decide", Stage.LIMIT),
        input=having("decide", Stage.INPUT),
        replay=having("decide", Stage.REPLAY),
        state=having("decide", Stage.STATE),
        checks=having("check"),
        refinements=having("refine"),
        wraps=having("wrap"),
        records=having("record"),
        meanings={name: error for p in policies for name, error in p.meanings().items()},
        errors=frozenset(error for p in policies for error in p.contract().errors),
        seconds=next((s for p in policies if (s := p.contract().seconds) is not None), None),
        mails=frozenset(mail for p in policies for mail in p.contract().mails),
        aside=Aside() if action.kind == "subscription" else _aside_of(policies, own=action.policies),
    )


def _having(policies: Sequence[Policy], hook: str, stage: Stage | None = None) -> tuple[Policy, ...]:
    """The policies that have the hook, of one stage or of all."""
    return tuple(p for p in policies if overrides(p, hook) and stage in {None, p.stage})


def _handler(
    action: AnyAction, signature: Signature, codec: Codec, *, policies: Sequence[Policy]
) -> Callable[..., Coroutine[Any, Any, object]]:
    """The action's handler, or what keeps its answers; a policy that notes what came of it is told all the same."""
    keeping = next((p.keeping for p in policies if p.keeping is not None), None)
    if keeping is None:
        return Drain(action.handler) if action.kind in STREAMS else action.handler
    if action.kind != "query":
        article = "an" if action.kind == "export" else "a"
        message = f"it is {article} {action.kind}, and Cached keeps answers of queries; leave it out"
        raise Misconfigured(message)
    name = f"{action.place.prefix}/{action.name}"
    function = Function(name, action.handler, signature.context, signature.binder, codec)
    return Keeper(function, keeping, typed=any(overrides(p, "record") for p in policies))


def merge(action: AnyAction, app_defaults: Sequence[Policy], *, beneath: Sequence[Policy] = ()) -> tuple[Policy, ...]:
    """App < Module < action: an inner policy of a class replaces the outer's unless the class stacks."""
    defaults, outer = action.defaults, app_defaults
    if action.kind in {"job", "webhook"}:  # limits are for callers: a worker is none, a provider has one of its own
        defaults, outer = (tuple(p for p in layer if not p.limits) for layer in (defaults, outer))
    layers = (("app", beneath), ("app", outer), (action.place.module, defaults), (action.origin, action.policies))
    merged: list[Policy] = []
    for layer, policies in layers:
        inner = {type(p) for p in policies if not p.stacks}
        merged = [p for p in merged if type(p) not in inner]
        merged += [p.placed(layer, action.origin) for p in policies]
    return tuple(sorted(merged, key=lambda p: p.stage))


def _asked(policies: Sequence[Policy]) -> Ask:
    ask = Ask()
    for policy in policies:
        wanted = policy.ask()
        if ask.table and wanted.table and (ask.table, ask.row) != (wanted.table, wanted.row):
            message = (
                f"its policies ask about two rows, of {ask.table} and {wanted.table}; one action decides about one row"
            )
            raise Misconfigured(message)
        ask = ask.merged(wanted)
    return ask


def _aside_of(policies: Sequence[Policy], *, own: Sequence[Policy]) -> Aside | None:
    """What the policies say together of the handler's call to another service."""
    found = Aside()
    for policy in policies:
        found = found.merged(policy.aside or Aside())
    if found.retried and not found.service:
        raise Misconfigured('Retry runs a handler again that calls another service; write External("name") beside it')
    if found.service and any(p.contract().seconds is not None for p in own):
        message = (
            f'its handler has the time of External; write External("{found.service}", timeout=…), and leave Timeout out'
        )
        raise Misconfigured(message)
    return found if found.service else None


def _check_key(action: AnyAction, binder: Binder) -> None:
    """A job's key is made of its input."""
    key = action.task.key if action.task else ""
    if unknown := Template(key).members() - {m.name for m in binder.members}:
        raise Misconfigured(f"its key {key!r} names {{{min(unknown)}}}, which is no member of its input")
