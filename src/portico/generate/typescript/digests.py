"""The fingerprint of one action's contract: a client tells the one it was made for, the server its own."""

import hashlib
from functools import lru_cache

from pydantic_core import to_json

from portico.core.outcomes import errors_of
from portico.core.plan import Plan
from portico.core.refusals import served_at
from portico.generate.openapi.schemas import collect

LENGTH = 12
"""Hexadecimal digits; two contracts of one action are alike by chance once in 2^48."""
WORDS = frozenset({"description", "title", "examples", "example"})
"""What a schema says to people alone."""


@lru_cache(maxsize=4096)
def digest_of(plan: Plan) -> str:
    """The same for the same inputs, answers and refusals, in whatever words they are described."""
    schemas = collect([plan])
    told = {
        "served": [plan.action.place.method, served_at(plan.action, page=False)],
        "members": [
            [m.name, m.source, m.wire, schemas.member(plan, parameter, m)[1]]
            for parameter in plan.binder.parameters
            for m in parameter.members
        ],
        "schemas": _plain({name: schema for (_, name), schema in schemas.by_key.items()}),
        "definitions": {name: _plain(schema) for name, schema in schemas.definitions.items()},
        "refusals": sorted({(error.status, error.code) for error in errors_of(plan)}),
    }
    return hashlib.sha256(to_json(_ordered(told))).hexdigest()[:LENGTH]


def _plain(schema: object) -> object:
    """Without its words; a member may be called `title` all the same."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: {member: _plain(each) for member, each in part.items()} if name == "properties" else _plain(part)
        for name, part in schema.items()
        if name not in WORDS
    }


def _ordered(value: object) -> object:
    """With the members of every object in the order of their names."""
    if isinstance(value, dict):
        return {name: _ordered(value[name]) for name in sorted(value)}
    return [_ordered(each) for each in value] if isinstance(value, list | tuple) else value
