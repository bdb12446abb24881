"""What is in the schema, and its names: of a module and a function, or of a model; the same whatever else there is."""

import re
from collections.abc import Iterable

from pydantic import BaseModel

from portico.core.action import AnyAction
from portico.core.plan import Plan
from portico.errors import Misconfigured

NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
LIST, CALLER = "find", "me"
"""Functions whose fields have short names: a module's list is named after the module, and `me` is who calls."""
KINDS = ("query", "mutation", "subscription")
ROOTS = frozenset(kind.capitalize() for kind in KINDS)


def is_served(plan: Plan) -> bool:
    """Whether the action answers data to a caller."""
    return plan.action.kind in KINDS and not (plan.codec.page or plan.codec.redirect or plan.linked)


def field_name(action: AnyAction) -> str:
    """`customers.create` is `customersCreate`, `customers.find` is `customers`, `identity.me` is `me`."""
    module, function = action.place.module, action.place.function
    if function == LIST:
        return camel(module)
    return CALLER if function == CALLER else camel(f"{module}_{function}")


def camel(words: str) -> str:
    """The words, of which an underscore stands between two, as camelCase."""
    first, *others = (word for word in words.split("_") if word)
    return first + "".join(word[:1].upper() + word[1:] for word in others)


def pascal(words: str) -> str:
    """The same, with a capital in front."""
    name = camel(words)
    return name[:1].upper() + name[1:]


def is_name(text: str) -> bool:
    """Whether it may stand in a schema; two underscores in front are GraphQL's own."""
    return NAME.fullmatch(text) is not None and not text.startswith("__")


def type_names(models: Iterable[type[BaseModel]]) -> dict[type[BaseModel], str]:
    """A name for each model: its own, or with its module's in front where it is a root's, or several's.

    Raises Misconfigured where that is not enough.
    """
    alike: dict[str, set[type[BaseModel]]] = {}
    for model in models:
        alike.setdefault(_plain(model), set()).add(model)
    names = {
        model: plain if len(same) == 1 and plain not in ROOTS else _placed(model, plain)
        for plain, same in alike.items()
        for model in same
    }
    taken: dict[str, type[BaseModel]] = {}
    for model, name in names.items():
        if taken.setdefault(name, model) is not model:
            raise Misconfigured(f"{model!r} and {taken[name]!r} are both {name} in GraphQL; rename one.")
    return names


def _plain(model: type[BaseModel]) -> str:
    """`Page[Row]` becomes `Page_Row`."""
    return re.sub(r"\W+", "_", model.__name__).strip("_")


def _placed(model: type[BaseModel], plain: str) -> str:
    return pascal("_".join(model.__module__.replace(".", "_").split("_")[-2:])) + plain
