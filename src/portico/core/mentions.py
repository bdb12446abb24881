"""What policies mention of an action's input and result, held against what it takes and returns."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from portico.core.encoding import Codec
from portico.core.inputs import Binder
from portico.core.policy import Policy
from portico.core.template import Template
from portico.errors import Misconfigured


def check_mentions(policies: Sequence[Policy], binder: Binder, codec: Codec) -> None:
    """Raise Misconfigured where a policy names a member that the input, or the result, does not have."""
    members, texts = {m.name for m in binder.members}, {m.name for m in binder.members if m.text}
    for policy in policies:
        for text, written in _texts(policy):
            place = Template(text)
            if unknown := place.members() - members:
                raise _unknown(f"{_named(policy)}({text!r}) names {{{min(unknown)}}}", members)
            for path in place.paths:
                if written and path[0] == "result" and (wrong := _wrong_of_result(path[1:], codec)):
                    raise Misconfigured(
                        f"{_named(policy)}({text!r}) names {{{'.'.join(path)}}}, but it returns {wrong}"
                    )
        if policy.input_member and policy.input_member not in members:
            raise _unknown(f"{_named(policy)} is about {policy.input_member}", members)
        if policy.amount_member in texts:
            text = f"{_named(policy)} takes {{{policy.amount_member}}}, a text, for an amount; name a number or a list"
            raise Misconfigured(text)


def _unknown(said: str, members: set[str]) -> Misconfigured:
    return Misconfigured(f"{said}, which is no member of its input; it has {', '.join(sorted(members)) or 'none'}")


def _wrong_of_result(path: Sequence[str], codec: Codec) -> str:
    """What is returned instead of something with that member; only what is certain counts."""
    if codec.bare:
        return "None"
    model = codec.returns
    if not path or not (isinstance(model, type) and issubclass(model, BaseModel)):
        return ""
    if path[0] in model.model_fields or hasattr(model, path[0]):
        return ""
    return f"{model.__name__}, which has {', '.join(model.model_fields) or 'none'}"


def _texts(policy: Policy) -> Iterator[tuple[str, bool]]:
    """The templates among the policy's values, and whether somebody wrote them: the others promise no result."""
    for name, value in vars(policy).items():
        written = value != getattr(type(policy), name, None)
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str) and "{" in text:
                yield text, written


def _named(policy: Policy) -> str:
    return type(policy).__name__
