"""The assembled application."""

import gc
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from portico.app.caller import Caller
from portico.core.action import Action
from portico.core.module import Module
from portico.core.plan import Plan
from portico.core.policy import Policy
from portico.core.principal import Principal
from portico.core.refusals import compile_all
from portico.errors import Misconfigured
from portico.policies.rate_limit import RateLimit
from portico.transports.wire import Receive, Scope, Send

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from portico.app.running import Running
    from portico.app.settings import Settings

BUILT_IN: Mapping[str, Sequence[str]] = {"owner": ("*",), "admin": ("*",), "member": ()}
"""What the built-in roles may do, unless the application says otherwise."""


class App:
    """The assembled application, an ASGI callable; a host that mounts it enters `lifespan`.

    `modules` are its slices and `defaults` the policies of all its actions (a limit of 100 a minute unless they hold
    one). `roles` says what each role may do. `templates`, `static` and `catalogs` are folders, `migrations` that of its
    Alembic revisions and `metadata` its tables; `sign_in` is the path of its sign-in page.

    Raises Misconfigured that lists everything that is undecided or wrong.
    """

    def __init__(  # noqa: PLR0913  # keywords all, each a part of the assembly that may be left out
        self,
        name: str,
        *,
        modules: Sequence[Module],
        defaults: Sequence[Policy] = (),
        roles: Mapping[str, Sequence[str]] | None = None,
        templates: Path | None = None,
        static: Path | None = None,
        catalogs: Path | None = None,
        migrations: Path | None = None,
        metadata: "MetaData | None" = None,
        sign_in: str = "",
    ) -> None:
        """Compile every action's chain of policies; nothing is opened yet."""
        if not any(p.limits for p in defaults):
            defaults = (RateLimit("api"), *defaults)
        self.name = name
        self.modules = tuple(modules)
        self.plans: Mapping[str, Plan] = compile_all(self.modules, tuple(defaults))
        self.actions: Mapping[str, Action[Any, ..., Any]] = {n: p.action for n, p in self.plans.items()}
        self.roles = {role: frozenset(held) for role, held in {**BUILT_IN, **(roles or {})}.items()}
        self.templates, self.static, self.catalogs = templates, static, catalogs
        self.migrations, self.metadata, self.sign_in = migrations, metadata, sign_in
        self._running: Running | None = None
        if metadata is not None:
            _refuse_undecided(metadata)

    def as_(
        self,
        who: Principal | None,
        /,
        *,
        org: UUID | None = None,
        key: str | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> Caller:
        """Call actions in-process as somebody, in an organization, under an idempotency key.

        `extra` are the headers that a wire would bring, by lower-case name.
        """
        return Caller(lambda: (self.running.pipeline, self.running.proof_key), who, org=org, key=key, extra=extra)

    @property
    def running(self) -> "Running":
        """The open application; raises Misconfigured outside of its lifespan."""
        if self._running is None:
            message = f"{self.name} is not running: the host enters `async with app.lifespan():` first."
            raise Misconfigured(message)
        return self._running

    @asynccontextmanager
    async def lifespan(self, host: object = None, /, *, settings: "Settings | None" = None) -> AsyncIterator[None]:
        """Open what the application needs, and close it; `settings` stands in for the environment."""
        from portico.app.running import open_application  # drivers load when an application starts

        async with open_application(self, settings) as running:
            self.attach(running)
            try:
                yield
            finally:
                self.attach(None)

    def attach(self, running: "Running | None") -> None:
        """Run as what a host or a test has opened; None ends it."""
        self._running = running

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI: HTTP requests and the lifespan of a server."""
        if scope["type"] == "http":
            await self.running.serve(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4404})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        stack = AsyncExitStack()
        try:
            await stack.enter_async_context(self.lifespan())
        except Exception as problem:
            await send({"type": "lifespan.startup.failed", "message": str(problem)})
            raise
        gc.collect()
        gc.freeze()  # what has been loaded stays: the collector need not walk it again and again
        gc.set_threshold(20_000, 50, 100)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await stack.aclose()
        await send({"type": "lifespan.shutdown.complete"})


def _refuse_undecided(metadata: "MetaData") -> None:
    from portico.adapters.postgres.tables import refuse_undecided  # only who has tables loads it

    refuse_undecided(metadata)
