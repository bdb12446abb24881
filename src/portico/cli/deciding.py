"""What an action would decide for a role, told by its own policies: the very hooks that a call runs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from portico.core.call import Call
from portico.core.plan import Plan
from portico.core.policy import Policy
from portico.core.principal import Request
from portico.errors import Error, Forbidden, Misconfigured, NoOrganization, Unauthorized
from portico.generate.words import policy_words
from portico.ports.database import Facts

if TYPE_CHECKING:
    from portico.app.application import App
    from portico.core.call import Services

SELF, OTHER = UUID(int=1), UUID(int=2)
NOBODY, USER = "nobody", "user"
Verdict = Literal["yes", "no", "open"]


@dataclass(frozen=True)
class Decision:
    """One decision: yes, no, or one that only a real call can tell."""

    verdict: Verdict
    what: str
    errors: tuple[type[Error], ...] = ()
    foreign: bool = False
    """Whether it is about somebody else's row, beside one about the caller's own."""


def facts_of(app: "App", role: str) -> Facts:
    """What the gate would say of somebody in that role; raises Misconfigured where there is none."""
    if role in app.roles:
        return Facts(user_id=SELF, org_id=OTHER, org_role=role, row_found=True, row_owner=str(SELF))
    if role == USER:
        return Facts(user_id=SELF)
    if role == NOBODY:
        return Facts()
    known = ", ".join(sorted(app.roles))
    message = f"{app.name} has no role {role!r}: there is {known}, {USER} (in no organization) and {NOBODY}."
    raise Misconfigured(message)


def services_of(app: "App") -> "Services":
    """What policies decide with: the application's roles, the limits as the settings have them, no database."""
    from portico.adapters.memory.clock import SettableClock
    from portico.app.settings import read_settings
    from portico.core.limits import rates
    from portico.testing.unwired import unwired_services

    settings = read_settings()
    rate = rates(settings.portico_rate_limits, settings.portico_rate_limit_factor)
    return replace(unwired_services(SettableClock(datetime.now(UTC))), roles=app.roles, rate=rate)


@dataclass(frozen=True)
class Case:
    """Somebody in a role, about to call an action."""

    app: "App"
    plan: Plan
    role: str
    facts: Facts
    services: "Services"

    @classmethod
    def of(cls, app: "App", plan: Plan, role: str) -> "Case":
        """Set it up."""
        return cls(app, plan, role, facts_of(app, role), services_of(app))

    def credential(self) -> Decision:
        """Whether the caller must be somebody."""
        if self.plan.public:
            return Decision("yes", "anybody may call, signed in or not")
        if self.facts.user_id is None:
            return Decision("no", "a session or a bearer token must be shown, and nobody has none", (Unauthorized,))
        return Decision("yes", "a session or a bearer token must be shown", (Unauthorized,))

    def organization(self) -> Decision:
        """Whether the caller must be in an organization."""
        what = "the caller must be a member of the organization"
        if self.facts.user_id is None:
            return Decision("no", "the caller must be signed in", (Unauthorized,))
        return Decision("yes" if self.facts.org_role else "no", what, (NoOrganization, Forbidden))

    def access(self, policy: Policy) -> Iterator[Decision]:
        """What a policy says of the role; of a row twice, one's own and somebody else's.

        What it says otherwise of a session that only holds its cookie, the call alone can tell.
        """
        what = policy_words(policy, self.plan)
        if policy.ask().owner:
            yield self._asked(policy, self.facts, what + "; one's own")
            foreign = self._asked(policy, self.facts._replace(row_owner=str(OTHER)), what + "; somebody else's")
            yield replace(foreign, foreign=True)
        else:
            decided = self._asked(policy, self.facts, what)
            held = self._asked(policy, self.facts._replace(session_id=SELF), what)
            yield decided if held.verdict == decided.verdict else replace(decided, verdict="open")

    def _asked(self, policy: Policy, facts: Facts, what: str) -> Decision:
        call = Call(self.plan.action.name, self.services, Request(id="explain"))
        call.pass_gate(facts)
        try:
            refusal = policy.decide(call)
        except (ArithmeticError, AttributeError, LookupError, Misconfigured, TypeError, ValueError):
            # Code of anybody's, which may want an input or a row that is not here.
            return Decision("open", f"{what} (depends on the call)", policy.contract().errors)
        if refusal is not None:
            return Decision("no", what, (type(refusal),))
        return Decision("yes", what + self._granted(policy), policy.contract().errors)

    def _granted(self, policy: Policy) -> str:
        """Which of the role's patterns holds the permission."""
        wanted = getattr(policy, "permission", None) or getattr(policy, "unless", None)
        held = self.app.roles.get(self.role, frozenset())
        patterns = [p for p in (wanted, f"{str(wanted).partition(':')[0]}:*", "*") if p in held]
        return f": {self.role} holds {patterns[0]}" if wanted and patterns else ""
