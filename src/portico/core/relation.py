"""Relations: what a model's member names, looked up for many of them at once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from pydantic import BaseModel, TypeAdapter

from portico.core.action import AnyAction
from portico.core.loading import MOST
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.core.plan import Plan

Look = Callable[..., Awaitable[Mapping[Any, Any]]]


@dataclass(frozen=True, eq=False)
class Relation:
    """What stands behind a member of a model, such as the customer behind an appointment's `customer_id`."""

    model: type[BaseModel]
    name: str
    by: str
    like: AnyAction
    """The query whose decisions hold for it: who may not call that sees nothing by this."""
    look: Look
    key: TypeAdapter[Any]
    gives: Any
    spell: Callable[[list[Any]], bytes]
    """Writes a list of what it gives as JSON."""
    most: int = MOST

    @property
    def purpose(self) -> str:
        """What its function says of itself."""
        return (self.look.__doc__ or "").strip()


def read_relation(model: type[BaseModel], name: str, *, by: str, like: AnyAction, look: Look) -> Relation:
    """The relation that a function declares; raises Misconfigured that says what is wrong with it."""
    where = f"The relation {name} of {model.__name__}"
    if by not in model.model_fields:
        raise Misconfigured(f"{where} goes by {by}, which is no member; it has {', '.join(model.model_fields)}.")
    if name in model.model_fields:
        raise Misconfigured(f"{where} is called like a member; name it otherwise.")
    given = get_args(get_type_hints(look, include_extras=True).get("return"))
    if len(given) != len(("key", "value")):
        raise Misconfigured(f"{where}: its function gives things by their keys; write -> Mapping[UUID, Thing].")
    return Relation(model, name, by, like, look, TypeAdapter(given[0]), given[1], TypeAdapter(list[given[1]]).dump_json)  # type: ignore[valid-type]  # a type read at start-up


def check_relations(relations: Sequence[Relation], plans: "Mapping[str, Plan]") -> None:
    """Raise Misconfigured where a relation's decisions need more than who calls, or are no action's here."""
    for relation in relations:
        where, name = f"The relation {relation.name} of {relation.model.__name__}", relation.like.name
        plan = plans.get(name)
        if plan is None or plan.action is not relation.like:
            raise Misconfigured(f"{where} is like {name}, which is not in this application; add its module.")
        if (
            plan.action.kind != "query"
            or plan.row
            or plan.slug
            or plan.checks
            or plan.input
            or plan.state
            or plan.records
        ):
            message = f"{where} is like {name}, which decides by more than who calls; name a query that does not."
            raise Misconfigured(message)
