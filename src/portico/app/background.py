"""What goes on beside the calls."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from portico.app.assembly import Assembly
from portico.app.following import following
from portico.app.settings import Settings
from portico.app.touching import flushing
from portico.core.call import Services


@asynccontextmanager
async def background(app: Assembly, settings: Settings, services: Services) -> AsyncIterator[None]:
    """Write what calls have noted, and look for what was set of flags elsewhere."""
    every = settings.portico_touch_seconds
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(flushing(services.touches, every, what="last uses of sessions and API keys"))
        if app.experiments:
            await stack.enter_async_context(flushing(services.trials, every, what="notes of experiments"))
        if app.flags or app.quotas.features:
            await stack.enter_async_context(following(services.flags, settings.portico_flags_seconds))
        yield
