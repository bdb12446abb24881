"""What a call comes to: done, or refused."""

from typing import Generic, NoReturn, TypeAlias, TypeVar

from portico.core.value import Value
from portico.errors import Error

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Ok(Value, Generic[T_co]):
    """Done and committed."""

    data: T_co
    error: None = None

    def unwrap(self) -> T_co:
        """The data."""
        return self.data


class Err(Value):
    """Refused or rolled back."""

    error: Error
    data: None = None

    def unwrap(self) -> NoReturn:
        """Raise the error."""
        raise self.error


Result: TypeAlias = Ok[T] | Err
"""What a call comes to; `error` is None, or says why not, and a type checker follows that."""
