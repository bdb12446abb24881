"""The assembled application."""

import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from portico.app.assembly import Assembly
from portico.app.caller import Caller
from portico.core.principal import Principal
from portico.errors import Misconfigured
from portico.transports.wire import Receive, Scope, Send

if TYPE_CHECKING:
    from portico.app.running import Running
    from portico.app.settings import Settings


class App(Assembly):
    """The assembled application, an ASGI callable; a host that mounts it enters `lifespan`.

    `modules` are its slices and `defaults` the policies of all its actions (a limit of 100 a minute unless they hold
    one). `roles` says what each role may do. `templates`, `static` and `catalogs` are folders, `migrations` that of its
    Alembic revisions and `metadata` its tables; `sign_in` is the path of its sign-in page.

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
