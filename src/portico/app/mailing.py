"""Where an application's mails go: by SMTP, or into the development mailbox."""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from portico.adapters.memory.mailbox import MemoryMailbox
from portico.app.assembly import Assembly
from portico.app.letters import Letters
from portico.app.settings import Settings
from portico.errors import Misconfigured
from portico.ports.mailer import Deliver, Mailer, Outgoing
from portico.transports.mailbox import Mailbox

FOLDER = "mails"
SMTP = {
    "SMTP_URL": "smtp://user:password@host:587",
    "MAIL_FROM": "no-reply@example.com",
    "PORTICO_URL": "https://app.example.com",
}
MAILBOX = {"PORTICO_URL": "http://127.0.0.1:8000"}
log = logging.getLogger("portico")


@dataclass(frozen=True, slots=True)
class Mailing:
    """How mails are sent, and where to look where nothing leaves the process."""

    deliver: Deliver
    kept: MemoryMailbox | None
    page: Mailbox | None
    """Shows what is kept."""


@asynccontextmanager
async def open_mailing(app: Assembly, settings: Settings) -> AsyncIterator[Mailing]:
    """Send the application's mails as long as the block runs; raises Misconfigured where something is missing."""
    url = settings.portico_url or ""
    letters = Letters(folders_of(app), url)
    senders = {name: plan for name, plan in app.plans.items() if plan.mails}
    for name, plan in senders.items():
        try:
            letters.load(plan.mails)
        except Misconfigured as problem:
            raise Misconfigured(f"{name} ({plan.action.place}): {problem}") from None
    if senders:
        _refuse_missing(settings, next(iter(senders)))
    mailer = mailer_of(settings)
    host = urlsplit(url).hostname or "localhost"

    async def deliver(outgoing: Outgoing, id: UUID) -> None:
        await mailer.send(letters.render(outgoing, f"<{id}@{host}>"))

    kept = mailer if settings.portico_mail == "mailbox" and isinstance(mailer, MemoryMailbox) else None
    if kept and senders:
        log.info("mails go no further than %s/mailbox", url)
    try:
        yield Mailing(deliver, kept, Mailbox(kept.numbered, url) if kept else None)
    finally:
        await mailer.close()


def folders_of(app: Assembly) -> Sequence[Path]:
    """Where templates of mails are looked for: the application's own first, then those of its modules."""
    own = [app.templates / FOLDER] if app.templates else []
    return [*own, *(module.mails for module in app.modules if module.mails)]


def mailer_of(settings: Settings) -> Mailer:
    """SMTP where it is set up; else this process keeps the mails."""
    if settings.portico_mail == "mailbox" or settings.smtp_url is None or settings.mail_from is None:
        return MemoryMailbox()
    from portico.adapters.smtp import Server, SmtpMailer  # only who sends by SMTP loads it

    return SmtpMailer(Server.of(settings.smtp_url.get_secret_value()), settings.mail_from)


def _refuse_missing(settings: Settings, action: str) -> None:
    """Name every setting that sending needs and has not."""
    needed: Mapping[str, str] = MAILBOX if settings.portico_mail == "mailbox" else SMTP
    missing = [f"{name}={sample}" for name, sample in needed.items() if not getattr(settings, name.lower())]
    if missing:
        other = "" if settings.portico_mail == "mailbox" else ", or PORTICO_MAIL=mailbox for development"
        raise Misconfigured(f"{action} sends mail: set {' and '.join(missing)}{other}.")
