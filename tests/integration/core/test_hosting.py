"""Where an application lives: on its own, in a host, and what stops its start."""

import io
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import anyio
import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr
from pydantic_core import from_json
from starlette.applications import Starlette
from starlette.routing import Mount

from portico import App, Html, Misconfigured, Module, Public, PublicContext
from portico.adapters.postgres.embedded import Embedded
from portico.adapters.postgres.servers import Urls
from portico.app.settings import Settings
from portico.modules.identity import identity, me, sign_out
from portico.testing import Harness
from portico.testing.databases import Databases
from portico.testing.harness import SIGNING, settings_for
from tests.integration.office.samples import anybody

pytestmark = pytest.mark.anyio


@pytest.fixture
async def urls(portico_app: App, portico_databases: Databases) -> Urls:
    """The office's migrated database."""
    return await portico_databases.of(portico_app)


@pytest.fixture
def environment(urls: Urls, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The office's settings, as an operator gives them."""
    monkeypatch.setenv("DATABASE_URL", urls.app)
    monkeypatch.setenv("SECRET_KEY", SIGNING)
    monkeypatch.setenv("PORTICO_PASSWORD_HASHING", "cheapest")
    monkeypatch.setenv("PORTICO_MAIL", "mailbox")
    monkeypatch.setenv("PORTICO_URL", "https://testserver")
    return monkeypatch


async def get(host: Any, path: str) -> tuple[int, Any]:
    """GET from a host."""
    async with AsyncClient(transport=ASGITransport(app=host), base_url="https://testserver") as client:
        reply = await client.get(path)
    return reply.status_code, reply.json()


class Server:
    """What a server says to an application, and hears of it."""

    def __init__(self, app: App) -> None:
        """Nothing is said yet."""
        self.app = app
        self.heard: list[Any] = []
        self._say, self._listen = anyio.create_memory_object_stream[Any](9)

    async def send(self, message: Any) -> None:
        """What the application says."""
        self.heard.append(message)
        if message["type"] == "lifespan.startup.complete":
            await self._say.send({"type": "lifespan.shutdown"})

    async def live(self) -> list[str]:
        """Start and stop it; what was heard."""
        await self._say.send({"type": "lifespan.startup"})
        with self._say, self._listen:
            await self.app({"type": "lifespan"}, self._listen.receive, self.send)
        return [message["type"] for message in self.heard]


# -- hosts -------------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("environment")
async def test_fastapi_mounts_the_application(portico_app: App) -> None:
    """Its paths are below the mount; the host enters the lifespan; calls in-process go beside it."""

    @asynccontextmanager
    async def lifespan(_host: FastAPI) -> AsyncIterator[None]:
        async with portico_app.lifespan():
            yield

    host = FastAPI(lifespan=lifespan)
    host.mount("/office", portico_app)

    async with lifespan(host):
        found = await get(host, "/office/api/v1/open")
        missing = await get(host, "/office/api/v1/nothing")
        beside = await portico_app.as_(None).call(anybody)

    assert found == (200, {"data": {"user": None, "org": None}})
    assert (missing[0], missing[1]["code"]) == (404, "NOT_FOUND")
    assert beside.unwrap().user is None


@pytest.mark.usefixtures("environment")
async def test_a_mounted_application_leads_to_itself(portico_app: App) -> None:
    """Redirects and locations stand below where the host has put it."""
    host = FastAPI()
    host.mount("/office", portico_app)
    transport = ASGITransport(app=host)

    async with portico_app.lifespan(), AsyncClient(transport=transport, base_url="https://testserver") as client:
        door = await client.get("/office/desk")
        away = await client.get("/office/away?to=/here")

    assert door.headers["location"] == "/office/sign-in?next=/desk"
    assert away.headers["location"] == "/office/here"


@pytest.mark.usefixtures("environment")
async def test_starlette_takes_the_lifespan_as_it_is(portico_app: App) -> None:
    """One name is enough."""
    host = Starlette(routes=[Mount("/", app=portico_app)], lifespan=portico_app.lifespan)

    async with portico_app.lifespan(host):
        assert (await get(host, "/api/v1/open"))[0] == 200


@pytest.mark.usefixtures("environment")
async def test_a_server_starts_and_stops_the_application(portico_app: App) -> None:
    """By ASGI's lifespan; afterwards nothing is left open."""
    assert await Server(portico_app).live() == ["lifespan.startup.complete", "lifespan.shutdown.complete"]

    with pytest.raises(Misconfigured, match="is not running"):
        _ = portico_app.running


async def test_a_failed_start_is_told_to_the_server(portico_app: App, environment: pytest.MonkeyPatch) -> None:
    """In one message, which the server prints."""
    environment.setenv("SECRET_KEY", "short")
    server = Server(portico_app)

    with pytest.raises(Misconfigured):
        await server.live()

    assert server.heard[0]["type"] == "lifespan.startup.failed"
    assert "SECRET_KEY" in server.heard[0]["message"]


async def test_a_request_before_the_start_says_what_is_missing(portico_app: App) -> None:
    """To whoever forgot the lifespan."""
    with pytest.raises(Misconfigured, match="the host enters"):
        await get(portico_app, "/api/v1/open")


async def test_a_websocket_to_where_none_is_served_is_refused(portico: Harness) -> None:
    """Before it is open: whoever asked is told so, and nobody waits."""
    said: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        said.append(message)

    scope = {"type": "websocket", "path": "/", "query_string": b"", "headers": [], "client": ("192.0.2.1", 4711)}
    await portico.app(scope, receive, send)

    assert said == [{"type": "websocket.close", "code": 4404}]


@pytest.mark.usefixtures("environment")
async def test_every_request_is_a_line_of_the_log(portico_app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its request id, written together at the latest when the application ends; no token is in it."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)  # the stream is looked up when it is written to

    async with portico_app.lifespan():
        headers = {"authorization": "Bearer secret-token", "x-request-id": "my-request-1"}
        async with AsyncClient(transport=ASGITransport(app=portico_app), base_url="https://testserver") as client:
            await client.get("/api/v1/open?password=hunter2", headers=headers)

    line = from_json(written.getvalue().splitlines()[-1])
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/v1/open", 200)
    assert line["request_id"] == "my-request-1"
    assert "secret-token" not in written.getvalue()
    assert "hunter2" not in written.getvalue()


# -- what stops a start ------------------------------------------------------------------------------------------------
async def start(app: App, settings: Settings) -> str:
    """Why the application does not start; empty where it does."""
    try:
        async with app.lifespan(settings=settings):
            return ""
    except Misconfigured as refused:
        return str(refused)


async def test_a_role_that_bypasses_row_level_security_is_refused(
    portico_app: App, urls: Urls, portico_server: Embedded
) -> None:
    """The owner of the tables and a superuser, each by its name, with the mend."""
    as_owner = settings_for(urls, database_url=SecretStr(urls.owner))
    name = urlsplit(urls.app).path.removeprefix("/")
    as_superuser = settings_for(urls, database_url=SecretStr(portico_server.admin_url(name)))

    assert "DATABASE_URL connects as portico_owner, which owns tables or bypasses" in await start(portico_app, as_owner)
    assert "connect as portico_app, and give the owner's URL" in await start(portico_app, as_superuser)
    assert await start(portico_app, settings_for(urls)) == ""


async def test_another_secret_than_the_migrations_is_refused(portico_app: App, urls: Urls) -> None:
    """In-process callers could not be proved to the database."""
    said = await start(portico_app, settings_for(urls, secret_key=SecretStr("another secret, long enough for anybody")))

    assert said == "SECRET_KEY is not the one that the database was migrated with: run `portico migrate` with this one."


async def test_a_database_that_is_not_migrated_is_refused(portico_app: App, portico_server: Embedded) -> None:
    """The message says what to run."""
    empty = await portico_server.database(
        "office_not_migrated"
    )  # left to the server's end: to drop one takes a checkpoint

    assert "run `portico migrate`" in await start(portico_app, settings_for(empty))


async def test_a_preset_that_is_no_rate_stops_the_start(portico_app: App, urls: Urls) -> None:
    """It names the rate and what to write."""
    said = await start(portico_app, settings_for(urls, portico_rate_limits={"api": "lots"}))

    assert "PORTICO_RATE_LIMITS: 'api' is 'lots': write a number over a window" in said


async def test_an_embedded_server_is_started_where_no_database_is_named(tmp_path: Path) -> None:
    """In the folder, with its secret; unmigrated it says what to run, and nothing stays behind."""
    module = Module("small")

    @module.query("GET /hello", Public("a test"))
    async def hello(_ctx: PublicContext) -> str:
        return "hello"

    unnamed: dict[str, Any] = dict.fromkeys(("database_url", "database_owner_url", "database_worker_url", "secret_key"))
    settings = settings_for(Urls("", "", "", ""), **unnamed, portico_folder=tmp_path)

    assert "run `portico migrate`" in await start(App("small", modules=[module]), settings)
    assert (tmp_path / "secret").exists()


def small() -> tuple[App, Module]:
    """An application of one page."""
    module = Module("small", prefix="")

    @module.query("GET /page", Public("a test"))
    async def page(_ctx: PublicContext) -> Html:
        return Html("page.html", {})

    return App("small", modules=[module]), module


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (sign_out, "The form at /out uses identity.sign_out, which is not in this application; add its module."),
        (me, "The form at /out is shown by identity.me, which returns no Html; name a query that does."),
    ],
)
async def test_a_form_that_cannot_be_shown_stops_the_start(urls: Urls, form: Any, *, said: str) -> None:
    """It names the form and what is missing."""
    _, module = small()
    if form is me:
        module.form("/out", me, page=me, then="/")
        modules = [identity]
    else:
        module.form("/out", form, page=cast("Any", module.actions[0]), then="/")
        modules = []

    assert await start(App("small", modules=[module, *modules]), settings_for(urls)) == said


async def test_a_page_without_templates_says_what_to_give(
    urls: Urls, portico_app: App, caplog: pytest.LogCaptureFixture
) -> None:
    """In the log; the visitor sees a failure."""
    app, _ = small()

    transport = ASGITransport(app=app)
    async with app.lifespan(settings=settings_for(urls)), AsyncClient(transport=transport) as client:
        reply = await client.get("https://testserver/page")

    assert portico_app.name == "office"
    assert (reply.status_code, reply.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert "the application has no templates; write App(templates=Path" in caplog.text
