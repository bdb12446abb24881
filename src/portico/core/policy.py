"""A policy: one concern of an action, as a value."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

from portico.core.aside import Aside
from portico.core.fitting import Declaration
from portico.core.keeping import Keeping
from portico.core.proof import Proof
from portico.core.value import Value
from portico.errors import Error, Misconfigured

if TYPE_CHECKING:
    from portico.core.call import Call
    from portico.core.charge import Charge
    from portico.core.result import Result


class Stage(IntEnum):
    """The order of refusals; within a stage, as written."""

    CALLER = 1
    """Before the gate: what the wire alone can tell, such as a limit by address."""
    HIDDEN = 2
    """404 where a flag is off: what is hidden is not forbidden."""
    ACCESS = 3
    """401 and 403."""
    LIMIT = 4
    """Limits by user, organization or plan."""
    INPUT = 5
    """422."""
    REPLAY = 6
    """A stored answer, a key in use."""
    STATE = 7
    """Rules about what is there: a stale version, a quota."""
    REFINEMENT = 8
    """Rules of single members that must look things up, inside the transaction."""


class Ask(Value):
    """Facts wanted of the gate; templates are filled from the input."""

    slug: str = ""
    """Template of the organization's slug."""
    table: str = ""
    row: str = ""
    """Template of the row's id."""
    owner: str = ""
    version: str = ""
    key: bool = False
    """Whether the caller's idempotency key is looked up."""
    org: str = ""
    """The input member that names the organization by its id."""
    whose: str = ""
    """Whose rows the table holds, `org` or `user`; an organization's unless said otherwise."""
    operator: bool = False
    """Whether an operator's sight of all accounts is wanted."""
    resources: tuple[str, ...] = ()
    """What is taken from the organization's quotas."""

    def merged(self, other: "Ask") -> "Ask":
        """Both asks as one; what this one leaves open is the other's."""
        return Ask(
            self.slug or other.slug,
            self.table or other.table,
            self.row or other.row,
            self.owner or other.owner,
            self.version or other.version,
            self.key or other.key,
            self.org or other.org,
            self.whose or other.whose,
            self.operator or other.operator,
            (*self.resources, *other.resources),
        )


class Contract(Value):
    """What a policy adds for callers."""

    errors: tuple[type[Error], ...] = ()
    headers: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    """Request headers that it reads."""
    required: tuple[str, ...] = ()
    """Those of them without which it refuses."""
    status: int = 0
    """Of a success, where it is another than 200."""
    mails: tuple[str, ...] = ()
    """Templates of the mails that it lets the action send."""
    permissions: tuple[str, ...] = ()
    """What a role may hold because of it."""
    seconds: float | None = None
    """How long a call may take, if the policy is about that."""
    resources: tuple[str, ...] = ()
    """Whose quotas it counts; `App(quotas=…)` must know them."""
    flags: tuple[str, ...] = ()
    """The flags that it asks for; `App(flags=…)` or a plan must know them."""
    plans: tuple[str, ...] = ()
    """The plans that it treats otherwise; `App(quotas=…)` must know them where it has any."""


NO_MEANINGS: Mapping[str, type[Error]] = {}
Handler = Callable[[], Awaitable[object]]


class Policy(Declaration):
    """One concern, a frozen value; override only the hooks it needs: an action pays for those alone."""

    stacks: ClassVar[bool] = False
    """False: an inner layer's replaces an outer's of the same class."""
    admits_nobody: ClassVar[bool] = False
    """Whether the action may be called without signing in."""
    authorizes: ClassVar[bool] = False
    """Whether it is the authorization decision that every action of an organization needs."""
    limits: ClassVar[bool] = False
    """Whether it limits how often a caller may try."""
    by_link: ClassVar[bool] = False
    """Whether it lets an action that writes be reached by a link."""
    permits: ClassVar[bool] = False
    """Whether it asks for a permission, which an API key's scopes can name."""

    @property
    def input_member(self) -> str:
        """The input member that it is about, if it is about one alone."""
        return ""

    @property
    def amount_member(self) -> str:
        """The input member that is an amount, or is as long as one, if one is; a text is not."""
        return ""

    @property
    def keeping(self) -> Keeping | None:
        """How the answers of a query are kept; None where it does not say that they are."""
        return None

    @property
    def aside(self) -> Aside | None:
        """What it says of a handler's call to another service, which is made outside of the transaction."""
        return None

    @property
    def proof(self) -> Proof | None:
        """How it proves who sent an incoming webhook, if it does."""
        return None

    @property
    def stage(self) -> Stage:
        """When `decide` is asked; a policy that only checks stands where checks are made, once the input is valid."""
        return Stage.INPUT if overrides(self, "check") and not overrides(self, "decide") else Stage.ACCESS

    def placed(self, layer: str, action: str) -> "Policy":
        """The policy as it stands on one action; `layer` names where it was written. Called once, at start-up."""
        return self

    def ask(self) -> Ask:
        """What it wants to know of the gate; static, merged once."""
        return Ask()

    def charge(self, call: "Call") -> "Charge | None":
        """What the call uses up of a limit; counted with all others of its stage in one go, before `decide` is asked.

        Asked at the stages CALLER and LIMIT alone.
        """
        return None

    def decide(self, call: "Call") -> Error | None:
        """Refuse or let pass, without I/O."""
        return None

    async def check(self, call: "Call") -> Error | None:
        """Refuse or let pass with I/O: the input is valid, no transaction is open."""
        return None

    def refine(self, call: "Call") -> Awaitable[Error | None] | None:
        """Refuse or let pass inside the transaction, just before the handler; None where there is nothing to wait for.

        Mostly an `async def`.
        """
        return None

    async def wrap(self, call: "Call", handler: Handler) -> object:
        """Run the handler, inside the transaction."""
        return await handler()

    def record(self, call: "Call", result: "Result[object]") -> None:
        """Note what happened; what it audits rides in close, or in a transaction of its own after a refusal."""

    def meanings(self) -> Mapping[str, type[Error]]:
        """What violated constraints of the database mean, by name."""
        return NO_MEANINGS

    def contract(self) -> Contract:
        """What callers must know of it."""
        return Contract()


def overrides(policy: Policy, hook: str) -> bool:
    """Whether the policy has that hook of its own."""
    return getattr(type(policy), hook) is not getattr(Policy, hook)


def policies_among(values: Iterable[object], *, where: str) -> tuple[Policy, ...]:
    """The values, each a policy; raises Misconfigured that says `where` one is none."""
    policies = []
    for value in values:
        if not isinstance(value, Policy):
            message = f"{where}: {value!r} is no policy; a policy is a value such as Allow('things:read')."
            raise Misconfigured(message)
        policies.append(value)
    return tuple(policies)
