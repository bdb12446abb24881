"""Values: frozen dataclasses by inheritance."""

from dataclasses import dataclass, field, fields
from typing import dataclass_transform


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Value:
    """Makes every subclass a frozen dataclass.

    What a dataclass would write anew for each class and can be said for all, comparison and text, is said here: there
    are many, and each is made when Portico is imported.
    """

    def __init_subclass__(cls) -> None:
        """Freeze the subclass."""
        super().__init_subclass__()
        dataclass(frozen=True, eq=False, repr=False)(cls)

    def __eq__(self, other: object) -> bool:
        return self._values() == other._values() if isinstance(other, Value) and type(other) is type(self) else False

    def __hash__(self) -> int:
        return hash((type(self), self._values()))

    def __repr__(self) -> str:
        said = (f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if f.repr)  # type: ignore[arg-type]  # every subclass is a dataclass
        return f"{type(self).__qualname__}({', '.join(said)})"

    def _values(self) -> tuple[object, ...]:
        return tuple([getattr(self, f.name) for f in fields(self) if f.compare])  # type: ignore[arg-type]  # as above
