"""Names are looked up once, every address that they have is judged, and one of those is called."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portico.adapters.guarded import GuardedCourier
from portico.adapters.guarded.resolving import system_resolver
from portico.core.reach import Reach
from portico.ports.courier import OutOfReach, Parcel, Unreachable
from tests.integration.webhooks.receiver import Received, Receiver, Said, receiving

pytestmark = pytest.mark.anyio
NAME = "hooks.example.com"


class Names:
    """A name server that says another thing each time."""

    def __init__(self, *answers: Sequence[str]) -> None:
        """Answer these, one after another; the last one for ever."""
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses."""
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Pretending(Reach):
    """Takes 127.0.0.1 for public, and http for safe: tests have no public address of their own."""

    private: bool = True

    def admits(self, address: str) -> bool:
        """That one alone."""
        return address == "127.0.0.1"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Listens on 127.0.0.1 alone."""
    async with receiving() as listening:
        yield listening


async def test_a_name_that_changes_its_mind_is_asked_once(receiver: Receiver) -> None:
    """Between the judgment and the connection nothing is looked up: what comes second is never seen."""
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    courier = GuardedCourier(Pretending(), resolve=names)

    reply = await courier.post(Parcel(f"http://{NAME}:{receiver.port}/hook", {}, b"{}"), within=5)
    await courier.close()

    assert (reply.status, names.asked) == (200, [NAME])
    assert receiver.got[0].headers["host"] == f"{NAME}:{receiver.port}"


async def test_a_name_that_leads_inside_the_second_time_is_refused_then(receiver: Receiver) -> None:
    """A new connection is judged anew."""
    courier = GuardedCourier(Pretending(), resolve=Names(["127.0.0.1"], ["127.0.0.2"]))
    receiver.says(Said(200, {"Connection": "close"}))
    parcel = Parcel(f"http://{NAME}:{receiver.port}/hook", {}, b"{}")

    await courier.post(parcel, within=5)
    with pytest.raises(OutOfReach, match=f"{NAME} leads to an address that is not one of the public internet"):
        await courier.post(parcel, within=5)
    await courier.close()

    assert receiver.connections == 1


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["93.184.216.34", "127.0.0.1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["fe80::1%eth0"],
        ["junk"],
    ],
)
async def test_one_inner_address_among_several_is_enough(receiver: Receiver, addresses: list[str]) -> None:
    """Nothing is called then, not even the public one."""
    reach = Reach(ports=frozenset({receiver.port}))
    courier = GuardedCourier(reach, resolve=Names(addresses))

    with pytest.raises(OutOfReach):
        await courier.post(Parcel(f"https://{NAME}:{receiver.port}/hook", {}, b"{}"), within=5)
    await courier.close()

    assert receiver.connections == 0


async def test_names_of_this_machine_are_refused(receiver: Receiver) -> None:
    """As its own resolver knows them: what is written in its table of hosts, too."""
    courier = GuardedCourier(Reach(ports=frozenset({receiver.port})))

    for host in ("localhost.localdomain", "ip6.localhost"):
        with pytest.raises((OutOfReach, Unreachable)):
            await courier.post(Parcel(f"https://{host}:{receiver.port}/", {}, b""), within=5)
    await courier.close()

    assert await system_resolver()("localhost", 80)
    assert receiver.connections == 0


async def test_the_next_address_is_tried_where_one_does_not_answer(receiver: Receiver) -> None:
    """Of those that were judged together."""
    courier = GuardedCourier(Reach(private=True), resolve=Names(["127.0.0.3", "127.0.0.1"]))

    reply = await courier.post(Parcel(f"http://{NAME}:{receiver.port}/hook", {}, b"{}"), within=5)
    await courier.close()

    assert reply.status == 200


async def test_a_redirect_to_the_inside_leads_nowhere(receiver: Receiver) -> None:
    """It is told as it came."""
    async with receiving() as inside:
        receiver.says(Said(307, {"Location": inside.url}))
        courier = GuardedCourier(Reach(private=True))

        reply = await courier.post(Parcel(receiver.url, {}, b"{}"), within=5)
        await courier.close()

    assert (reply.status, inside.connections) == (307, 0)


async def test_no_answer_in_time_is_none(receiver: Receiver) -> None:
    """The bound is on all of it: a trickle of bytes does not move it."""
    hung = asyncio.Event()

    async def answer(_request: Received) -> Said:
        await hung.wait()
        return Said()

    receiver.answer = answer
    courier = GuardedCourier(Reach(private=True))

    with pytest.raises(Unreachable, match=r"no answer within 0\.2 s"):
        await courier.post(Parcel(receiver.url, {}, b"{}"), within=0.2)
    hung.set()
    await courier.close()


async def test_a_name_that_nobody_knows_is_said_so() -> None:
    """With its name and no more."""

    async def unknown(_host: str, _port: int) -> Sequence[str]:
        raise OSError("no such name")

    courier = GuardedCourier(Reach(), resolve=unknown)

    with pytest.raises(Unreachable, match=f"{NAME} is not known"):
        await courier.post(Parcel(f"https://{NAME}/", {}, b""), within=5)
    await courier.close()


async def test_the_certificate_is_checked_against_the_name(tmp_path: Path) -> None:
    """Though an address is called, the server is asked for the name, and must show a certificate for it."""
    asked: list[str | None] = []
    context, ca_file = certificate(tmp_path, NAME)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    reach = Reach(private=True)
    async with receiving(ssl=context) as receiver:
        courier = GuardedCourier(reach, resolve=Names(["127.0.0.1"]), ca_file=ca_file)

        reply = await courier.post(Parcel(f"https://{NAME}:{receiver.port}/", {}, b""), within=5)
        with pytest.raises(Unreachable, match="certificate"):
            await courier.post(Parcel(f"https://other.example.com:{receiver.port}/", {}, b""), within=5)
        await courier.close()

    assert reply.status == 200
    assert asked == [NAME, "other.example.com"]


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, str]:
    """A server's context with a certificate for a name, and the file that makes it trusted."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "public.pem", folder / "private.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, str(public)


@pytest.mark.parametrize(
    "beginning", [b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Long: "]
)
async def test_a_trickle_is_cut_off(beginning: bytes) -> None:
    """Bytes that go on coming, of the answer or of its headers, prolong nothing."""
    left = asyncio.Event()

    async def trickle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(beginning)
        try:
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.01)
        except ConnectionError:
            writer.close()
            left.set()

    server = await asyncio.start_server(trickle, "127.0.0.1", 0)
    courier = GuardedCourier(Reach(private=True))
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"

    with pytest.raises(Unreachable):
        await courier.post(Parcel(url, {}, b"{}"), within=1)
    async with asyncio.timeout(5):
        await left.wait()
    await courier.close()
    server.close()


@pytest.mark.parametrize("answer", [b"", b"220 smtp ready\r\n", b"HTTP/1.1 2xx\r\n\r\n"])
async def test_what_is_no_answer_is_none(answer: bytes) -> None:
    """Another protocol, half an answer, or a closed line: said in words, and nothing else."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    courier = GuardedCourier(Reach(private=True))
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"

    with pytest.raises(Unreachable):
        await courier.post(Parcel(url, {}, b"{}"), within=5)
    await courier.close()
    server.close()
