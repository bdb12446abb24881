"""Created: 201 and Location."""

import re
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote

from portico.core.call import Call
from portico.core.policy import Contract, Policy
from portico.core.template import Fill, Template

if TYPE_CHECKING:
    from portico.core.result import Result

IN_A_PATH = "/:?#[]@!$&'()*+,;=%-._~"
"""What stands in a path as it is, besides letters and digits (RFC 3986, section 2)."""
is_plain = re.compile(rf"[\w{re.escape(IN_A_PATH)}]*", re.ASCII).fullmatch
"""Whether there is nothing to be encoded: nearly always, and sooner told than encoded."""


class Created(Policy):
    """Answers 201 and Location (RFC 9110, section 15.3.2); `at` is the path below the module's prefix."""

    at: str
    _fill: ClassVar[Fill]

    def __post_init__(self) -> None:
        """Take the path apart; raises Misconfigured where a place in it is no name."""
        object.__setattr__(self, "_fill", Template(self.at).fill)

    def record(self, call: Call, result: "Result[object]") -> None:
        """Set status and Location."""
        if result.error is None:
            call.answer.status = 201
            path = self._fill(call.values, result.data)
            if path is not None:
                written = path if is_plain(path) else quote(path, safe=IN_A_PATH)
                call.answer.headers.append(("Location", call.prefix + written))  # nothing that no header can carry

    def contract(self) -> Contract:
        """It answers 201 with Location."""
        return Contract(headers=("Location",), status=201)
