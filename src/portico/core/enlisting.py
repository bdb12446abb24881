"""Jobs on their way into the journal: their input validated, written down, and sealed where it must be."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pydantic import SecretBytes, SecretStr
from pydantic_core import from_json, to_json

from portico.core.action import AnyAction
from portico.core.call import Call, Given
from portico.core.inputs import Arguments, Binder
from portico.core.plan import Plan
from portico.core.task import RANKS, Later, Task
from portico.core.template import Template
from portico.errors import Invalid, Misconfigured
from portico.ports.jobs import Claimed
from portico.ports.sealer import Sealer

LONGEST_KEY = 200


def _refuse_names(call: Call, action: AnyAction, binder: Binder, *, given: Given) -> None:
    """Raise Misconfigured where the names are not the job's: a mistake of the author's, and none of the caller's."""
    args, named = given
    names = [parameter.name for parameter in binder.parameters]
    lacking = [p.name for p in binder.parameters[len(args) :] if p.required and p.name not in named]
    strange = [name for name in named if name not in names]
    if lacking or strange or len(args) > len(names):
        wrong = [*(f"without {name}" for name in lacking), *(f"with {name}" for name in strange)]
        takes = ", ".join(names) or "nothing"
        message = f"{call.action} enqueues {action.name} {', '.join(wrong) or 'with too much'}; the job takes {takes}."
        raise Misconfigured(message)


class Enlisting:
    """Notes the jobs that calls enqueue or call off."""

    def __init__(self, plans: Mapping[str, Plan]) -> None:
        """The plans by action name."""
        self._plans = plans

    def note(self, call: Call, action: AnyAction, given: Given | None) -> None:
        """Note a job with its typed arguments; without any, call off the one that waits under the key."""
        task = self._task(call, action)
        if given is None:
            call.notes.jobs.append({"name": action.name, "key": action.when.key, "cancel": True})
            return
        binder, services = self._plans[action.name].binder, call.services
        _refuse_names(call, action, binder, given=given)
        bound = binder.values(*given)
        if bound.errors is not None:
            raise Invalid(errors=bound.errors)
        flat = to_json(flat_of(binder, bound.arguments))
        record = record_of(action, task, action.when.at or call.now, id=services.ids.new())
        record["input"] = services.sealer.seal(flat, _about(action.name)).decode() if task.sealed else from_json(flat)
        record["key"] = _key(task, action.when, binder.flatten(bound.arguments))
        record["locale"] = call.request.locale
        call.notes.jobs.append(record)

    def _task(self, call: Call, action: AnyAction) -> Task:
        plan, caller = self._plans.get(action.name), self._plans.get(call.action)
        if plan is None or plan.action.handler is not action.handler:
            raise Misconfigured(
                f"{call.action} enqueues {action.name}, which is not in this application; add its module."
            )
        if action.task is None:
            words = f"which is a {action.kind} and no job; declare it with @module.job(), or write await ctx.call(…)"
            raise Misconfigured(f"{call.action} enqueues {action.name}, {words}.")
        if caller is not None and caller.read_only:
            raise Misconfigured(f"{call.action} is a query and enqueues {action.name}; a query may not write.")
        return action.task


def record_of(action: AnyAction, task: Task, at: datetime, *, id: UUID) -> dict[str, object]:
    """A job as the database takes it, without input."""
    rank = RANKS[task.priority]
    return {"id": id, "name": action.name, "at": at, "attempts": task.attempts, "priority": rank, "input": {}}


def flat_of(binder: Binder, arguments: Arguments) -> dict[str, object]:
    """The input as one flat object, the names as they are on a wire."""
    flat: dict[str, object] = {}
    for parameter in binder.parameters:
        value = parameter.adapter.dump_python(arguments[parameter.name], by_alias=True)
        flat.update(value if parameter.model is not None else {parameter.name: value})
    return {name: _revealed(value) for name, value in flat.items()}


def _revealed(value: object) -> object:
    """A secret in plain, which is sealed next."""
    return value.get_secret_value() if isinstance(value, SecretStr | SecretBytes) else value


def fields_of(job: Claimed, sealer: Sealer) -> Mapping[str, object]:
    """The input of a job in hand, to be validated; raises Misconfigured where it was sealed under another key."""
    found = from_json(job.input)
    if isinstance(found, str):
        found = from_json(sealer.unseal(found.encode(), _about(job.name)))
    return found if isinstance(found, dict) else {}


def _about(name: str) -> bytes:
    return b"job " + name.encode()


def _key(task: Task, when: Later, values: Mapping[str, object]) -> str | None:
    """The key of one enqueuing, else the one that the job's own template makes.

    Raises Misconfigured where it is empty or too long.
    """
    key = when.key
    if key is None and task.key:
        key = Template(task.key).fill(values)
    if key is not None and not 1 <= len(key) <= LONGEST_KEY:
        raise Misconfigured(f"The key {key[:40]!r}… of a job has {len(key)} characters; write 1 to {LONGEST_KEY}.")
    return key
