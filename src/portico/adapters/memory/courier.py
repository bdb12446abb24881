"""A courier that keeps what it is given, for tests."""

from collections.abc import Callable

from portico.core.reach import Reach
from portico.ports.courier import MOST, OutOfReach, Parcel, Reply


def _taken(_parcel: Parcel) -> Reply:
    return Reply(200, b"")


class MemoryCourier:
    """Posts nothing; `answer` says what each parcel is answered, or raises."""

    def __init__(self, reach: Reach, answer: Callable[[Parcel], Reply] = _taken) -> None:
        """Judge addresses by `reach`; no name is looked up."""
        self.parcels: list[Parcel] = []
        self._reach = reach
        self._answer = answer

    async def post(self, parcel: Parcel, *, within: float) -> Reply:
        """Keep it."""
        try:
            self._reach.read(parcel.url)
        except ValueError as problem:
            raise OutOfReach(str(problem)) from None
        self.parcels.append(parcel)
        reply = self._answer(parcel)
        return reply._replace(answer=reply.answer[:MOST])

    async def close(self) -> None:
        """Nothing is held."""
