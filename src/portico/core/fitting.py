"""What declarations are given: a wrong type, or a word that there is not, stops the start."""

import inspect
import sys
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache, wraps
from types import FunctionType, GenericAlias, SimpleNamespace
from typing import Any, Self, TypeVar, cast, get_type_hints

from portico.core.hints import misfit, shown
from portico.core.value import Value
from portico.errors import Misconfigured

F = TypeVar("F", bound=Callable[..., object])


class Declaration(Value):
    """A value that applications are declared with: Misconfigured, where an argument is not what its member says."""

    def __new__(cls, *args: object, **named: object) -> Self:
        """Look at the arguments before they are used."""
        _refuse(cls.__qualname__, _bound(_signature(cls.__init__, cls.__module__), (cls, *args), named))
        return super().__new__(cls)


def fitting(name: str, *, but: Collection[str] = ()) -> Callable[[F], F]:
    """Have a function refuse arguments that are not what it says; `but` are the parameters that it judges itself."""

    def fit(function: F) -> F:
        @wraps(function)
        def fitted(*args: object, **named: object) -> object:
            given = _bound(_signature(function, function.__module__), args, named)
            _refuse(name, [one for one in given if one[0] not in but])
            return function(*args, **named)

        return cast("F", fitted)

    return fit


def refuse_bare(written: str, *given: object) -> None:
    """Raise Misconfigured where a decorator that takes options was written without parentheses."""
    if len(given) == 1 and isinstance(given[0], FunctionType):
        code = given[0].__code__
        where = f"{given[0].__qualname__} ({code.co_filename}:{code.co_firstlineno})"
        message = f"{where}: what decorates it lacks its parentheses, and would drop it; write @{written}."
        raise Misconfigured(message)


def _refuse(name: str, given: Sequence[tuple[str, object, Any]]) -> None:
    for parameter, value, hint in given:
        if type(value) is not hint and (wrong := misfit(parameter, value, hint)) is not None:
            message = f"{name}({wrong.path}={shown(wrong.value)}): write {wrong.wanted}"
            raise Misconfigured(message)


def _bound(
    signature: inspect.Signature, args: Sequence[object], named: dict[str, object]
) -> Sequence[tuple[str, object, Any]]:
    """What the parameters are given, and what they are to be; how many there are is told by the function itself."""
    try:
        given = signature.bind(*args, **named).arguments
    except TypeError:
        return ()
    return [(name, value, _hint(signature.parameters[name])) for name, value in given.items()]


def _hint(parameter: inspect.Parameter) -> Any:
    """What its argument is to be; of one that takes many, all of them."""
    said = parameter.annotation
    if said is parameter.empty or parameter.kind is parameter.VAR_KEYWORD:
        return Any
    return GenericAlias(tuple, (said, ...)) if parameter.kind is parameter.VAR_POSITIONAL else said


@lru_cache(maxsize=256)
def _signature(function: Callable[..., object], home: str) -> inspect.Signature:
    """Its parameters, with the types that can be found out at run time in its module."""
    try:
        signature = inspect.signature(function)
    except NameError:  # what only a type checker knows, where annotations are read late
        return inspect.signature(lambda *_, **__: None)
    return signature.replace(parameters=[_resolved(p, home) for p in signature.parameters.values()])


def _resolved(parameter: inspect.Parameter, home: str) -> inspect.Parameter:
    """The parameter; without its type where only a type checker knows that."""
    if not isinstance(parameter.annotation, str):
        return parameter
    written = SimpleNamespace(__annotations__={parameter.name: parameter.annotation})
    try:
        known = get_type_hints(written, vars(sys.modules[home]), include_extras=True)[parameter.name]
    except (NameError, AttributeError, TypeError, KeyError):
        known = parameter.empty
    return parameter.replace(annotation=known)
