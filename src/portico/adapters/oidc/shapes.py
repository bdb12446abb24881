"""Where issuers say what: user, address, name, organization and role among a token's claims."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

Place = tuple[str, ...]
"""Names from the top of the payload downwards."""
Places = tuple[Place, ...]
"""The first that holds something counts."""


@dataclass(frozen=True)
class Shape:
    """Where each thing stands; a thing without places is never read."""

    user: Places = (("sub",),)
    email: Places = (("email",),)
    email_verified: Places = (("email_verified",),)
    name: Places = (("name",), ("preferred_username",))
    org: Places = ()
    role: Places = ()
    prefix: str = ""
    """What the issuer writes before its roles; left out of the mapping."""
    refused: tuple[tuple[Place, object], ...] = ()
    """Claims with a value that makes the token one of nobody."""


STANDARD = Shape()
"""OpenID Connect Core: organization and role have no standard place."""

# Users of Supabase write their `user_metadata` themselves, `email_verified` therein too: it names, and proves nothing.
SUPABASE = Shape(
    email_verified=(),
    name=(("user_metadata", "full_name"), ("user_metadata", "name")),
    org=(("app_metadata", "org_id"),),
    role=(("app_metadata", "role"),),
    refused=((("is_anonymous",), True),),
)
"""Supabase Auth: audience `authenticated`; organization and role stand where only the project's owner writes."""

CLERK = Shape(
    name=(("name",), ("full_name",)),
    org=(("o", "id"), ("org_id",)),
    role=(("o", "rol"), ("org_role",)),
    prefix="org:",
    refused=((("sts",), "pending"),),
)
"""Clerk's session tokens, version 2 (`o`) and version 1; address and name stand there once the template adds them."""

AUTH0 = Shape(name=(("name",), ("nickname",)), org=(("org_id",), ("org_name",)))
"""Auth0: roles are custom claims under a namespace of one's own, such as `https://example.com/roles`."""

SHAPES: Mapping[str, Shape] = {"standard": STANDARD, "supabase": SUPABASE, "clerk": CLERK, "auth0": AUTH0}
"""The shapes that ship, by the name that settings say."""
PLACED = frozenset(f.name for f in fields(Shape)) - {"prefix", "refused"}


def find(payload: Mapping[str, object], places: Places) -> object:
    """What stands at the first place that holds something; None where none does."""
    for place in places:
        value: object = payload
        for name in place:
            value = value.get(name) if isinstance(value, Mapping) else None
        if value is not None:
            return value
    return None


def read_shape(written: object) -> Shape:
    """A shape as settings write it: a name, or an object whose other members each give one thing's place.

    `{"like": "auth0", "role": "https://example.com/roles", "org": ["tenant", "id"]}`: a place is the name of a claim,
    or the list of names that leads to it. Raises ValueError that says what is wrong.
    """
    if isinstance(written, Shape):
        return written
    members = dict(written) if isinstance(written, Mapping) else {"like": written}
    like = members.pop("like", "standard")
    if not isinstance(like, str) or like not in SHAPES:
        raise ValueError(f"no claim shape has this name; known are {', '.join(SHAPES)}")
    if unknown := sorted(set(members) - PLACED):
        raise ValueError(f"a claim shape has no {unknown[0]!r}; it has {', '.join(sorted(PLACED))}")
    kept = {f.name: getattr(SHAPES[like], f.name) for f in fields(Shape)}
    return Shape(**kept | {name: _places(name, place) for name, place in members.items()})


def _places(name: str, written: object) -> Places:
    place = (written,) if isinstance(written, str) else tuple(written) if isinstance(written, list | tuple) else ()
    if not place or not all(isinstance(part, str) and part for part in place):
        raise ValueError(f"the place of {name!r} must be the name of a claim, or a list of names")
    return (place,)
