"""Created: 201 and Location."""

from typing import TYPE_CHECKING
from urllib.parse import quote

from portico.core.call import Call
from portico.core.policy import Contract, Policy
from portico.core.template import template

if TYPE_CHECKING:
    from portico.core.result import Result

IN_A_PATH = "/:?#[]@!$&'()*+,;=%-._~"


class Created(Policy):
    """Answers 201 and Location (RFC 9110, section 15.3.2); `at` is the path below the module's prefix."""

    at: str

    def record(self, call: Call, result: "Result[object]") -> None:
        """Set status and Location."""
        if result.error is None:
            call.answer.status = 201
            path = template(self.at).fill(call.values, result.data)
            if path is not None:
                call.answer.header("Location", call.prefix + quote(path, safe=IN_A_PATH))

    def contract(self) -> Contract:
        """It answers 201 with Location."""
        return Contract(headers=("Location",), status=201)
