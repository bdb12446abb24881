"""The development mailbox: mails as pages, and as JSON for scripts."""

import re
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from pydantic_core import to_json

from portico.errors import NotFound
from portico.ports.mailer import Mail
from portico.transports.answers import ALWAYS, HTML, JSON, send_answer
from portico.transports.pages import Pages
from portico.transports.wire import Exchange

LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]")
PASSED_ON = frozenset({"forwarded", "via", "x-forwarded-for", "x-real-ip"})
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
RULES = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may do; the frame that shows a mail inherits it, so that no mail loads anything."""
Mails = Sequence[tuple[int, Mail]]


class Mailbox:
    """Shows the mails that stayed in this process, to a browser on this machine alone."""

    def __init__(self, mails: Callable[[], Mails], url: str) -> None:
        """`mails` gives them with their numbers, oldest first; `url` is where the application is."""
        self._mails = mails
        self._hosts = HERE | {urlsplit(url).hostname}
        self._pages = Pages(Path(__file__).parent)

    async def show_list(self, exchange: Exchange) -> int:
        """GET /mailbox."""
        return await self._send_page(exchange, "list.html", mails=self._of(exchange)[::-1])

    async def show_mail(self, exchange: Exchange) -> int:
        """GET /mailbox/{number}; raises NotFound where it is kept no more."""
        mail = {str(number): mail for number, mail in self._of(exchange)}.get(exchange.values["number"])
        if mail is None:
            raise NotFound
        return await self._send_page(exchange, "mail.html", mail=mail)

    async def send_list(self, exchange: Exchange) -> int:
        """GET /mailbox.json."""
        mails = [
            {"number": number, "to": mail.to, "subject": mail.subject, "text": mail.text, "links": links_of(mail.text)}
            for number, mail in self._of(exchange)[::-1]
        ]
        return await _send(exchange, JSON, to_json(mails))

    def _of(self, exchange: Exchange) -> Mails:
        if not self._is_near(exchange):
            raise NotFound
        return self._mails()

    def _is_near(self, exchange: Exchange) -> bool:
        """Whether the browser is on this machine: behind no proxy, not led here by a foreign name (DNS rebinding)."""
        headers, ip = exchange.wire.headers, exchange.request.ip
        if ip is None or not ip_address(ip).is_loopback or headers.keys() & PASSED_ON:
            return False
        return urlsplit(f"//{headers.get('host', '')}").hostname in self._hosts

    async def _send_page(self, exchange: Exchange, template: str, **values: object) -> int:
        page = self._pages.draw(template, {**values, "root": exchange.request.root})
        return await _send(exchange, HTML, page)


def links_of(text: str) -> list[str]:
    """The addresses in a text."""
    return LINK.findall(text)


async def _send(exchange: Exchange, media_type: str, body: bytes) -> int:
    headers = [
        *ALWAYS,
        ("content-type", media_type),
        ("x-request-id", exchange.request.id),
        ("content-security-policy", RULES),
        ("referrer-policy", "no-referrer"),
    ]
    await send_answer(exchange.wire, 200, headers, body=body)
    return 200
