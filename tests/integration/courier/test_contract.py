"""What every courier keeps: the one that posts, and the one that only remembers."""

from collections.abc import AsyncIterator, Callable

import pytest

from portico.adapters.guarded import GuardedCourier
from portico.adapters.memory.courier import MemoryCourier
from portico.core.reach import Reach
from portico.ports.courier import Courier, OutOfReach, Parcel, Reply
from tests.integration.webhooks.receiver import Received, Receiver, Said, receiving

pytestmark = pytest.mark.anyio
PRIVATE = Reach(private=True)
INSIDE = (
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://169.254.169.254/",
    "http://example.com/",
    "https://example.com:22/",
    "x",
)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Where parcels go, if they go anywhere."""
    async with receiving() as listening:
        yield listening


@pytest.fixture(params=["memory", "guarded"])
def make(request: pytest.FixtureRequest, receiver: Receiver) -> Callable[[Reach, Said], Courier]:
    """Makes each courier in turn, to be answered what is said."""

    def made(reach: Reach, said: Said) -> Courier:
        if request.param == "memory":
            retry_after = said.headers.get("Retry-After", "")
            return MemoryCourier(reach, lambda _parcel: Reply(said.status, said.body, retry_after))

        async def answer(_request: Received) -> Said:
            return said

        receiver.answer = answer
        return GuardedCourier(reach)

    return made


@pytest.mark.parametrize("status", [200, 204, 302, 404, 410, 503])
async def test_the_answer_is_told(make: Callable[[Reach, Said], Courier], receiver: Receiver, status: int) -> None:
    """Whatever it is; a redirect is an answer like any other."""
    body = b"" if status == 204 else b"said"
    courier = make(PRIVATE, Said(status, {"Retry-After": "7"}, body))

    reply = await courier.post(Parcel(receiver.url, {"X-One": "1"}, b"{}"), within=5)
    await courier.close()

    assert reply == Reply(status, body, "7")


async def test_of_a_long_answer_the_beginning_is_told(
    make: Callable[[Reach, Said], Courier], receiver: Receiver
) -> None:
    """A thousand bytes, and the courier goes on to work."""
    courier = make(PRIVATE, Said(200, {}, b"x" * 300_000))

    for _ in range(2):
        assert (await courier.post(Parcel(receiver.url, {}, b""), within=5)).answer == b"x" * 1000
    await courier.close()


async def test_an_answer_that_does_not_end_is_not_waited_for(
    make: Callable[[Reach, Said], Courier], receiver: Receiver
) -> None:
    """Its status and its beginning count, as of any other: the connection alone is given up."""
    courier = make(PRIVATE, Said(202, {"content-length": "999999999"}, b"x" * 100_000))

    reply = await courier.post(Parcel(receiver.url, {}, b""), within=5)
    await courier.close()

    assert (reply.status, reply.answer) == (202, b"x" * 1000)


@pytest.mark.parametrize("url", INSIDE)
async def test_an_address_out_of_reach_is_not_called(
    make: Callable[[Reach, Said], Courier], receiver: Receiver, url: str
) -> None:
    """Neither an inner one, nor what is no address."""
    courier = make(Reach(), Said())

    with pytest.raises(OutOfReach):
        await courier.post(Parcel(url, {}, b""), within=5)
    await courier.close()
    assert receiver.connections == 0
