"""An application with its doors open: services made, routes laid."""

import hashlib
import hmac
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from random import getrandbits
from typing import TYPE_CHECKING

from portico.adapters.devices import AgentDevices
from portico.adapters.joserfc import JweSealer
from portico.adapters.memory.counters import MemoryCounters
from portico.adapters.postgres.bell import Bell
from portico.adapters.postgres.connections import Limits
from portico.adapters.postgres.database import PostgresDatabase
from portico.adapters.postgres.flags import PostgresFlags
from portico.adapters.postgres.servers import Urls
from portico.adapters.postgres.touches import PostgresTouches
from portico.adapters.postgres.trials import PostgresTrials
from portico.adapters.system import RandomIds, SystemClock
from portico.app.assembly import Assembly
from portico.app.background import background
from portico.app.built_in import post
from portico.app.caching import keeping, memory_of
from portico.app.checks import Checks, lay_health
from portico.app.contract import events_of, lay_contract
from portico.app.graphql import PATH, graphql_endpoint
from portico.app.inboxes import keys_of
from portico.app.logs import LINES, AccessLog, start_log
from portico.app.mailing import Mailing, open_mailing
from portico.app.misspelled import warn_of_strangers
from portico.app.observing import Lookout, open_lookout
from portico.app.outbound import outbound_of
from portico.app.passwords import hasher_of, rules_of
from portico.app.place import database_urls, worker_url
from portico.app.routing import built_for, lay_routes
from portico.app.secret import derive, prover, read_secret, signer
from portico.app.serving import Serving
from portico.app.settings import Settings, read_settings
from portico.app.sharing import open_valkey, sharing
from portico.app.streaming import piping
from portico.app.trusting import trusting
from portico.app.vouching import vouching
from portico.app.workers import Duty, Workshop, open_workshop
from portico.core.call import Services
from portico.core.chore import Post
from portico.core.enlisting import Enlisting
from portico.core.flights import Flights
from portico.core.limits import rates
from portico.core.outbound import serving
from portico.core.pipeline import Pipeline
from portico.core.site import Site
from portico.errors import Misconfigured
from portico.errors.catalogs import Catalogs
from portico.ports.clock import Clock
from portico.transports.assets import Assets
from portico.transports.health import Health
from portico.transports.mailbox import Mailbox
from portico.transports.pages import Pages
from portico.transports.rest import Edge

if TYPE_CHECKING:
    from portico.adapters.valkey import Valkey

STARTING = b"start"
GRACE = 2.0
"""Seconds that an answer may take beyond the server's own timeout."""


@dataclass(frozen=True, slots=True)
class Running:
    """What an open application holds."""

    pipeline: Pipeline
    serve: Serving
    proof_key: bytes
    database: PostgresDatabase
    access: AccessLog
    mailing: Mailing
    valkey: "Valkey | None"
    """What the processes share, where the settings name one."""
    settings: Settings
    urls: Urls
    health: Health
    chores: Sequence[Post]

    def part(self) -> None:
        """Tell that this process is about to end: health says so, and streams end, whose clients go elsewhere."""
        self.health.stopping = True
        if self.pipeline.streams is not None:
            self.pipeline.streams.stop()

    def workshop(self) -> AbstractAsyncContextManager[Workshop]:
        """Background work of this application; raises Misconfigured where no address for workers is known."""
        url, settings = worker_url(self.urls), self.settings
        duty = Duty(self.pipeline, self.proof_key, self.chores)
        return open_workshop(duty, url, limits_of(settings), settings=settings)


@asynccontextmanager
async def open_application(
    app: Assembly, settings: Settings | None = None, clock: Clock | None = None
) -> AsyncIterator[Running]:
    """Open the database, check it, and serve."""
    settings = settings or read_settings()
    _begin_log(settings)
    secret = read_secret(settings)
    async with (
        open_lookout(app, settings) as looking,
        open_mailing(app, settings) as mailing,
        open_valkey(settings, app.name) as valkey,
        database_urls(settings, app.name) as urls,
    ):
        database = PostgresDatabase(urls.app, limits_of(settings), looking.eye)
        access = AccessLog(line=LINES[settings.portico_log])
        try:
            proof_key = derive(secret, "proof")
            await database.start(STARTING, hmac.digest(proof_key, STARTING, hashlib.sha256))
            services = make_services(app, settings, database, clock=clock or SystemClock())
            bell = Bell(database.db, settings.portico_wake_seconds)
            enlist = Enlisting(app.plans).note
            services = replace(services, enlist=enlist, wake=bell.ring, post=post, deliver=mailing.deliver)
            services = sharing(looking.counted(keeping(_declaring(services, app, settings), valkey)), valkey)
            try:
                async with (
                    trusting(settings, services) as services,
                    background(app, settings, services),
                    piping(app.all_plans, settings, services, database=database, make=looking.pipeline) as pipeline,
                ):
                    serve = _serving(app, settings, pipeline, access=access, mailbox=mailing.page)
                    checks = Checks(app, services, database, valkey=valkey, tally=serve.tally)
                    health = lay_health(serve.router, checks, settings.portico_release)
                    chores = [chore for module in app.modules for chore in module.chores]
                    held = (proof_key, database, access, mailing, valkey, settings, urls, health, chores)
                    with serving(services.outbound):
                        async with _beside(Running(pipeline, serve, *held), looking) as running:
                            yield running
            finally:
                await bell.close()
                await services.flights.close()
                await services.hasher.close()
        finally:
            access.flush()
            await database.close()


def _begin_log(settings: Settings) -> None:
    """Open the log, and say first what looks like a setting and is none."""
    start_log(settings.portico_log)
    warn_of_strangers(os.environ)


def _declaring(services: Services, app: Assembly, settings: Settings) -> Services:
    """With what the application's modules declare, and what the settings say of it."""
    keys = keys_of(app.plans, settings)
    return replace(services, keys=keys, events=events_of(app), webhooks=settings.webhook_terms())


@asynccontextmanager
async def _beside(running: Running, looking: Lookout) -> AsyncIterator[Running]:
    """What ends before all else: the page of metrics, health, a worker in the same process; as the settings want."""
    async with AsyncExitStack() as stack:
        services, running.serve.measure = running.pipeline.services, looking.measure
        await stack.enter_async_context(looking.shown(running.settings, running.database, services))
        stack.push_async_callback(running.health.close)
        if running.settings.portico_worker:
            workshop = await stack.enter_async_context(running.workshop())
            await stack.enter_async_context(workshop.at_work(running.settings.portico_grace))
        yield running


def _serving(
    app: Assembly, settings: Settings, pipeline: Pipeline, *, access: AccessLog, mailbox: Mailbox | None
) -> Serving:
    edge = Edge(
        pipeline,
        Catalogs([app.catalogs] if app.catalogs else []),
        settings.portico_max_body,
        settings.portico_trusted_proxies,
        settings.portico_origins,
        Pages(app.templates, Assets(built_for(app))) if app.templates else None,
        app.sign_in,
        app.confirm,
    )
    lines = access if settings.portico_access_log else None
    router = lay_routes(app, edge, mailbox)
    if settings.portico_api_docs:
        lay_contract(router, app, settings.portico_url or "")
    endpoint = graphql_endpoint(app, edge, settings)
    router.add("GET", PATH, endpoint)
    router.add("POST", PATH, endpoint)
    services = pipeline.services
    vouch = None if app.who is None else vouching(app.who, services.prove, seconds=services.timeout)
    return Serving(edge, router, access=lines, make_id=request_id, vouch=vouch)


def make_services(app: Assembly, settings: Settings, database: PostgresDatabase, *, clock: Clock) -> Services:
    """One adapter of each port, under the settings."""
    cache = memory_of(settings, clock)
    counters = MemoryCounters(clock)
    return Services(
        database=database,
        counters=counters,
        local=counters,
        clock=clock,
        ids=RandomIds(),
        hasher=hasher_of(settings),
        passwords=rules_of(settings),
        roles=app.roles,
        permissions=app.permissions,
        sign=signer(read_secret(settings)),
        rate=rates(settings.portico_rate_limits, settings.portico_rate_limit_factor),
        prove=prover(derive(read_secret(settings), "proof")),
        sudo=timedelta(minutes=settings.portico_sudo_minutes),
        devices=AgentDevices(),
        sealer=JweSealer(derive(read_secret(settings), "seal")),
        outside=database.outside,
        outbound=outbound_of(settings, clock),
        site=Site(app.name, settings.portico_url or "", settings.portico_origins),
        cache=cache,
        flights=Flights(cache),
        cache_ttl=settings.portico_cache_ttl,
        stall=stall_of(settings),
        touches=PostgresTouches(database.db, idle=timedelta(days=settings.portico_session_days)),
        flags=PostgresFlags(database.db, prover(derive(read_secret(settings), "proof"))),
        trials=PostgresTrials(database.db, prover(derive(read_secret(settings), "proof"))),
        binding=settings.portico_session_binding,
        session_days=settings.portico_session_days,
        session_end_days=settings.portico_session_end_days,
        reveals_accounts=settings.portico_reveal_accounts,
        unverified_sign_in=settings.portico_email_verification == "optional",
        timeout=settings.portico_call_timeout,
        quotas=app.quotas,
        switches=app.flags,
        experiments=app.experiments,
        asks_everybody_twice=settings.portico_oidc_second_factor,
    )


def stall_of(settings: Settings) -> float:
    """How long an export waits for its client; raises Misconfigured where its transaction would not live so long."""
    if settings.portico_export_stall >= settings.database_idle_timeout:
        message = "PORTICO_EXPORT_STALL must be less than DATABASE_IDLE_TIMEOUT, which ends a transaction that waits."
        raise Misconfigured(message)
    return settings.portico_export_stall


def limits_of(settings: Settings) -> Limits:
    """Connections and timeouts; a pooler in between takes no timeouts at connect."""
    direct = not settings.database_pooler
    return Limits(
        connections=settings.database_connections,
        wait=settings.database_wait,
        answer=settings.database_statement_timeout + GRACE,
        statement=settings.database_statement_timeout if direct else None,
        lock=settings.database_lock_timeout if direct else None,
        idle_in_transaction=settings.database_idle_timeout if direct else None,
    )


def request_id() -> str:
    """96 random bits in hexadecimal: unlike a secret's they need no visit to the operating system."""
    return f"{getrandbits(96):024x}"
