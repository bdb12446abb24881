"""Values: frozen dataclasses by inheritance."""

from dataclasses import dataclass, field
from typing import dataclass_transform


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Value:
    """Makes every subclass a frozen dataclass."""

    def __init_subclass__(cls) -> None:
        """Freeze the subclass."""
        super().__init_subclass__()
        dataclass(frozen=True)(cls)
