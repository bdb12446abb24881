"""Refine: an asynchronous rule of one input member."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, ClassVar

from portico.core.call import Call
from portico.core.policy import Contract, Policy, Stage
from portico.errors import Error, FieldError, Invalid


class Refine(Policy):
    """A rule that must look things up: `await rule(ctx, value)` gives an error or None, inside the transaction.

    It runs after the model's own rules have passed; what it refuses is reported in the same shape, under the member.
    """

    member: str
    rule: Callable[[Any, Any], Awaitable[Error | None]]
    stacks: ClassVar[bool] = True

    @property
    def stage(self) -> Stage:
        """After everything that needs no look-up."""
        return Stage.REFINEMENT

    @property
    def input_member(self) -> str:
        """The member, which the input must have."""
        return self.member

    async def refine(self, call: Call) -> Error | None:
        """Ask the rule about the member."""
        error = await self.rule(call.context, call.values.get(self.member))
        if error is None or not isinstance(error, Invalid):
            return error
        if error.errors is None:
            finding = FieldError("VAL_INVALID_VALUE" if type(error) is Invalid else error.code, message=error.message)
            return replace(error, errors={error.at or self.member: [finding]})
        return error

    def contract(self) -> Contract:
        """It may answer VALIDATION_ERROR."""
        return Contract(errors=(Invalid,))
