"""A real mail server, in this process."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "clerk@example.com", "p@ss/w:rd"


@dataclass
class PostOffice:
    """What has come, and to whom; `refusals` are answered first, one for each mail."""

    options: dict[str, Any] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    came: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    unwanted: str = ""
    """What everybody is told whom a mail is for."""
    held: asyncio.Event | None = None
    """Nothing is taken before it is set."""
    port: int = 0
    tls: ssl.SSLContext | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Listen, from then on always at the same port."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(self, hostname="localhost", enable_SMTPUTF8=True, **self.options),
            "127.0.0.1",
            self.port,
            ssl=self.tls,
        )
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """Note whom a mail is for."""
        _server, _session, envelope, address, _options = given
        if self.unwanted:
            return self.unwanted
        envelope.rcpt_tos.append(address)
        return "250 Wanted"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        """Take a mail."""
        if self.held:
            await self.held.wait()
        if self.refusals:
            return self.refusals.pop(0)
        message = message_from_bytes(envelope.original_content or b"", policy=default)
        assert isinstance(message, EmailMessage)
        self.came.append((envelope.rcpt_tos, message))
        self.arrived.set()
        return "250 Taken"


def check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, who: Any) -> AuthResult:
    """Let the clerk in."""
    assert isinstance(who, LoginPassword)
    return AuthResult(success=(who.login, who.password) == (USER.encode(), PASSWORD.encode()), handled=False)


class Tired:
    """Lets nobody in at first, whatever the password; each mechanism is refused, and each connection tries them all."""

    def __init__(self) -> None:
        """Nobody has come yet."""
        self._first: SMTP | None = None

    def __call__(self, server: SMTP, *given: Any) -> AuthResult:
        """Refuse all of the first connection."""
        self._first = self._first or server
        if self._first is server:
            return AuthResult(success=False, handled=False, message="454 4.7.0 Temporary authentication failure")
        return check(server, *given)


LOCKED = {"authenticator": check, "auth_required": True, "auth_require_tls": False}
"""A server that wants a password."""


def certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS for this machine, and the file that a client must trust for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    here = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = folder / "certificate.pem", folder / "key.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file, secret)
    return context, file
