"""The jobs that every application has."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AwareDatetime, JsonValue, NaiveDatetime
from pydantic_core import from_json, to_json

from portico.core.call import Call
from portico.core.context import SystemContext
from portico.core.module import Module
from portico.errors import Invalid
from portico.ports.mailer import NOWHERE, Outgoing, Undeliverable

built_in = Module("portico")


@dataclass(frozen=True)
class Kept:
    """A mail that waits to be sent; times stand apart, for JSON would make texts of them."""

    template: str
    to: str
    locale: str
    values: dict[str, JsonValue]
    moments: dict[str, AwareDatetime | NaiveDatetime]


@built_in.job(attempts=12, priority="high", sealed=True, timeout=timedelta(minutes=2))
async def send_mail(ctx: SystemContext, mail: Kept) -> None:
    """Render a mail and hand it over; what it holds is kept sealed until then."""
    try:
        await ctx.deliver(Outgoing(mail.template, mail.to, {**mail.values, **mail.moments}, mail.locale))
    except Undeliverable as problem:
        raise Invalid(at="to", message=str(problem)) from problem  # trying again would not help


@built_in.job(cron="*/10 * * * *", attempts=1, priority="low", timeout=timedelta(minutes=9))
async def sweep(ctx: SystemContext) -> None:
    """Remove what is past its time: sessions, keys, links, drafts, events, jobs, accounts that nobody has confirmed."""
    await ctx.sweep()


@built_in.job(cron="* * * * *", attempts=1, priority="low", timeout=timedelta(minutes=5))
async def seal(ctx: SystemContext) -> None:
    """Seal what was written into the audit, and let go of what is kept no longer."""
    await ctx.seal_audit()


@built_in.job(cron="* * * * *", attempts=1, priority="low", timeout=timedelta(minutes=5))
async def finish_interrupted(ctx: SystemContext) -> None:
    """Tell of calls to other services that died with their process, and have those finished that say how."""
    await ctx.finish_interrupted()


def post(call: Call, outgoing: Outgoing) -> None:
    """Note a mail as a job of the call. Nothing is sent to who has no address that mail could reach."""
    if outgoing.to.endswith(NOWHERE):
        return
    moments = {name: value for name, value in outgoing.values.items() if isinstance(value, datetime)}
    values = from_json(to_json({name: value for name, value in outgoing.values.items() if name not in moments}))
    kept = Kept(template=outgoing.template, to=outgoing.to, locale=outgoing.locale, values=values, moments=moments)
    call.services.enlist(call, send_mail, ((kept,), {}))
