"""What a draft says of itself."""

from typing import Any

from pydantic import AwareDatetime, BaseModel, JsonValue


class Progress(BaseModel):
    """How far a draft has come."""

    steps: dict[str, JsonValue]
    """What was saved, by step."""
    missing: list[str]
    """Steps that are still to be saved, in order."""
    expires_at: AwareDatetime

    def of(self, step: str) -> Any:
        """What was saved in a step; None where nothing was yet."""
        return self.steps.get(step)
