"""What things are called in TypeScript."""

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from portico.core.plan import Plan
from portico.errors import Misconfigured

OWN = files("portico.generate.typescript") / "package/src"
TAKEN = frozenset(
    {"Array", "Date", "Error", "Headers", "Map", "Object", "Promise", "Readonly", "Record", "Set", "String"}
)
"""Names of the language that a model cannot have."""
EXPORTED = re.compile(r"^export (?:interface|type|class) (\w+)", re.MULTILINE)
WORD = re.compile(r"[^A-Za-z0-9]+")
PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def action_name(plan: Plan) -> str:
    """`customersCreate` for `customers.create`."""
    pascal = type_name(plan.action.name)
    return pascal[:1].lower() + pascal[1:]


def type_name(text: str) -> str:
    """`UsersV2` for `users_v2`; words that a model's name has already keep their capitals."""
    return "".join(part[:1].upper() + part[1:] for part in WORD.split(text) if part)


def model_name(key: str) -> str:
    """The name of a model; one that is taken gets a word more."""
    name = type_name(key)
    return f"{name}Model" if name in TAKEN or name in own_names() else name


@cache
def own_names() -> frozenset[str]:
    """The types that the client brings itself."""
    sources = ("runtime.ts", "query.ts", "react.ts")
    return frozenset(name for file in sources for name in EXPORTED.findall((OWN / file).read_text(encoding="utf-8")))


def member_name(name: str) -> str:
    """A member as it is written: quoted where it is no word."""
    return name if PLAIN.fullmatch(name) else quoted(name)


def quoted(text: str) -> str:
    """A text as TypeScript writes it."""
    return json.dumps(text, ensure_ascii=False)


def check_names(plans: Iterable[Plan], models: Iterable[str]) -> None:
    """Raise Misconfigured where two things would have one name: `Box[int]`, of the model `Box_int_`, and `BoxInt`."""
    named: list[tuple[str, tuple[str, ...]]] = [(f"the model {key}", (model_name(key),)) for key in models]
    for plan in plans:
        name = type_name(plan.action.name)
        named.append((plan.action.name, (name, f"{name}Input", f"{name}Result", f"{name}Refusal")))
    owners: dict[str, str] = {}
    for owner, names in named:
        for spelled in names:
            other = owners.setdefault(spelled, owner)
            if other != owner:
                raise Misconfigured(f"{owner} and {other} are both {spelled} in TypeScript; rename one.")
