"""The assembled application."""

import gc
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, cast
from uuid import UUID

from portico.app.assembly import Assembly
from portico.app.caller import Caller
from portico.app.heeding import heeding
from portico.core.flags import Subject, is_on
from portico.core.principal import Principal
from portico.errors import Misconfigured
from portico.transports.asgi import AsgiWire, Receive, Scope, Send
from portico.transports.asgi_socket import AsgiSocket
from portico.transports.frames import wants_events
from portico.transports.rsgi import RsgiWire
from portico.transports.rsgi_socket import RsgiSocket

if TYPE_CHECKING:
    from granian._granian import RSGIHTTPProtocol, RSGIWebsocketProtocol
    from granian.rsgi import Scope as RsgiScope

    from portico.app.running import Running
    from portico.app.settings import Settings


class App(Assembly):
    """The assembled application, callable by ASGI and by RSGI; a host that mounts it enters `lifespan`.

    `modules` are its slices and `defaults` the policies of all its actions (a limit of 100 a minute unless they hold
    one). `roles` says what each role may do. `templates`, `static` and `catalogs` are folders, `migrations` that of its
    Alembic revisions and `metadata` its tables. `sign_in` is the path of its sign-in page, `confirm` that of the page
    where a password is shown again; both are asked with `?next=`, the page that sent there. `quotas` says what each
    plan allows, `flags` and `experiments` which there are, by name. `checks` are looked at by /api/health, beside its
    own. `who` is a host's own sign-in, asked before each request: it gives `User(id)` of somebody in portico.users, or
    None where it knows nobody, and may raise an error such as Unauthorized.

    Raises Misconfigured that lists everything that is undecided or wrong.
    """

    _running: "Running | None" = None

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

    def is_on(self, flag: str, subject: Subject, /) -> bool:
        """Whether a flag is on for somebody, outside of any call, as what it knows of it says.

        Raises Misconfigured where the application declares none of that name.
        """
        switch = self.flags.get(flag)
        if switch is None and flag not in self.quotas.features:
            message = f"The application declares no flag {flag!r}; it knows {', '.join(sorted(self.flags)) or 'none'}."
            raise Misconfigured(message)
        rule = self.running.pipeline.services.flags.rules.get(flag)
        default = switch.default if switch is not None else flag in subject.features
        return is_on(flag, rule, subject, default=default)

    def attach(self, running: "Running | None") -> None:
        """Run as what a host or a test has opened; None ends it."""
        self._running = running

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI: HTTP requests, WebSockets and the lifespan of a server."""
        if scope["type"] == "http":
            await self.running.serve(AsgiWire(scope, receive, send))
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await self.running.serve.attend(AsgiSocket(scope, receive, send))

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        stack = AsyncExitStack()
        try:
            await stack.enter_async_context(self.lifespan())
            stack.enter_context(heeding(get_running_loop(), self.running.part))
        except Exception as problem:
            await send({"type": "lifespan.startup.failed", "message": str(problem)})
            raise
        settle()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await stack.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def __rsgi__(self, scope: "RsgiScope", proto: "RSGIHTTPProtocol") -> None:
        """RSGI, granian's own interface: HTTP requests and WebSockets."""
        if scope.proto == "http":
            wire = RsgiWire(scope, proto)
            serving = self.running.serve(wire)
            await (wire.let_stand(serving) if wants_events(wire.headers) else serving)
        else:
            await self.running.serve.attend(RsgiSocket(scope, cast("RSGIWebsocketProtocol", proto)))

    def __rsgi_init__(self, loop: AbstractEventLoop) -> None:
        """A process of granian begins; a host whose loop already runs enters `lifespan` itself."""
        if not loop.is_running():
            self._stack = AsyncExitStack()
            loop.run_until_complete(self._stack.enter_async_context(self.lifespan()))
            self._stack.enter_context(heeding(loop, self.running.part))
            settle()

    def __rsgi_del__(self, loop: AbstractEventLoop) -> None:
        """A process of granian ends."""
        if not loop.is_running():
            loop.run_until_complete(self._stack.aclose())


def settle() -> None:
    """Once all is loaded: what is there stays, so that the collector need not walk it again and again.

    Next to none of it is garbage: it is not looked through for that, and who starts a server need not let the collector
    run before.
    """
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    gc.enable()
