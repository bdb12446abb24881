"""Mail by SMTP (RFC 5321), over TLS."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as RULES
from email.utils import format_datetime, make_msgid
from ipaddress import ip_address
from typing import Literal, NoReturn, TypeAlias
from urllib.parse import unquote, urlsplit

import aiosmtplib

from portico.errors import Misconfigured, Unavailable
from portico.ports.mailer import Mail, Undeliverable

TIMEOUT = 30.0
"""Seconds that connecting, or one command, may take."""
Tls: TypeAlias = Literal["from the start", "STARTTLS", "none"]
PORTS = {"smtp": 587, "smtps": 465}
PERMANENT = 500
"""Replies from here on say that the same would be refused again (RFC 5321, section 4.2.1)."""


@dataclass(frozen=True)
class Server:
    """A mail server, and how to speak to it."""

    host: str
    port: int
    tls: Tls
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, url: str) -> "Server":
        """Read `smtp://user:password@host:587` or `smtps://…`; raises Misconfigured, which does not repeat it."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:  # its text may hold what follows a colon, such as a part of the password
            parts, host, port = urlsplit(""), None, None
        if host is None or parts.scheme not in PORTS or parts.path.strip("/"):
            message = (
                "SMTP_URL is no address of a mail server: write smtp://user:password@host:587 or smtps://…:465, "
                "with special characters of the password percent-encoded."
            )
            raise Misconfigured(message)
        tls: Tls = "from the start" if parts.scheme == "smtps" else "none" if _is_loopback(host) else "STARTTLS"
        user = unquote(parts.username) if parts.username else None
        return cls(host, port or PORTS[parts.scheme], tls, user, unquote(parts.password or "") if user else None)


class SmtpMailer:
    """Sends each mail over a connection of its own."""

    def __init__(self, server: Server, sender: str, *, timeout: float = TIMEOUT) -> None:
        """`sender` is the From address, such as `Portico <no-reply@example.com>`."""
        self._server = server
        self._sender = sender
        self._timeout = timeout

    async def send(self, mail: Mail) -> None:
        """Send it; raises Undeliverable where the server refuses it for good, Unavailable where it lets nobody in."""
        server = self._server
        message = message_of(mail, self._sender)
        connection = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls == "from the start",
            start_tls=server.tls == "STARTTLS",
            timeout=self._timeout,
        )
        try:
            async with connection:
                await connection.send_message(message)
        except aiosmtplib.SMTPAuthenticationError as problem:  # what the server says may repeat what it was sent
            if problem.code < PERMANENT:
                raise Unavailable(message=f"{server.host} lets nobody in right now ({problem.code}).") from None
            words = f"{server.host} refuses the user or password of SMTP_URL ({problem.code})."
            raise Undeliverable(words) from None
        except (aiosmtplib.SMTPException, OSError) as problem:
            _raise(problem)

    async def close(self) -> None:
        """Nothing is held between mails."""


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """The mail with its headers; raises Undeliverable where its address is none."""
    message = EmailMessage(policy=RULES)
    message["From"] = sender
    try:
        message["To"] = Address(addr_spec=mail.to)
    except ValueError:
        raise Undeliverable("The address of the mail is none.") from None
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = mail.id or make_msgid()
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office note answers it
    message.set_content(mail.text)
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html")
    return message


def _raise(problem: aiosmtplib.SMTPException | OSError) -> NoReturn:
    """Tell a refusal for good from a failure that may pass."""
    if isinstance(problem, aiosmtplib.SMTPRecipientsRefused):
        problem = problem.recipients[0]
    if isinstance(problem, aiosmtplib.SMTPNotSupported) or _code(problem) >= PERMANENT:
        raise Undeliverable(f"{type(problem).__name__}: {problem}") from None
    raise problem


def _code(problem: Exception) -> int:
    return problem.code if isinstance(problem, aiosmtplib.SMTPResponseException) else 0


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
