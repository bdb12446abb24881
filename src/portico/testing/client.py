"""A client that speaks to the application in-process, over the same ASGI as a server would."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import anyio
from pydantic_core import from_json, to_json

from portico.app.application import App
from portico.core.inbox import Inbox
from portico.core.refusals import served_at
from portico.testing.forms import FormReader
from portico.transports.asgi import Message

HOST = "testserver"


@dataclass(frozen=True)
class Reply:
    """What came back. Header names are lower case; a repeated header is joined by a comma."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    cookies: Mapping[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        """The body as JSON; None where it is empty."""
        return from_json(self.content) if self.content else None

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode()

    def form(self, action: str = "") -> dict[str, list[str]]:
        """What a browser would send of the page's form for that address, as it stands; of its first one, else.

        Raises LookupError where there is none.
        """
        return FormReader(self.text).fields(action)


class Client:
    """Sends requests as one browser or program would, keeping cookies from one to the next."""

    def __init__(self, app: App, *, token: str | None = None, org: object = None, ip: str = "127.0.0.1") -> None:
        """`token` is sent as bearer token, `org` as X-Org-Id, with every request."""
        self._app = app
        self._always: dict[str, str] = {}
        if token is not None:
            self._always["authorization"] = f"Bearer {token}"
        if org is not None:
            self._always["x-org-id"] = str(org)
        self._ip = ip
        self.cookies: dict[str, str] = {}

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        """GET."""
        return await self.send("GET", path, headers=headers)

    async def post(self, path: str, json: object = None, *, headers: Mapping[str, str] | None = None) -> Reply:
        """POST a JSON body."""
        return await self.send("POST", path, json=json, headers=headers)

    async def submit(self, path: str, fields: Mapping[str, object], headers: Mapping[str, str] | None = None) -> Reply:
        """POST a form, as a browser does from one of the application's own pages.

        `fields` begin with what stands on the page, such as its token: `{**page.form(), "title": "New"}`.
        """
        form = {
            "content-type": "application/x-www-form-urlencoded",
            "origin": f"https://{HOST}",
            "sec-fetch-site": "same-origin",
        }
        body = urlencode(fields, doseq=True).encode()
        return await self.send("POST", path, content=body, headers={**form, **(headers or {})})

    async def deliver(
        self, inbox: Inbox, kind: str, data: object, *, changes: Mapping[str, object] | None = None
    ) -> Reply:
        """POST an event as its provider would, signed with the first of the secrets; `changes` are of the body."""
        services, action = self._app.running.pipeline.services, inbox.action
        key = services.keys[inbox.proof.scheme, inbox.proof.secret][0]
        body = to_json({**inbox.scheme.sample(kind, data), **(changes or {})})
        headers = inbox.scheme.sign(body, key, services.clock.now().timestamp())
        return await self.send("POST", served_at(action, page=False), content=body, headers=headers)

    async def send(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request: a JSON body, or any other as `content`."""
        sent = {"host": HOST, **self._always, **{k.lower(): v for k, v in (headers or {}).items()}}
        if json is not None:
            content = to_json(json)
            sent.setdefault("content-type", "application/json")
        if content:
            sent.setdefault("content-length", str(len(content)))
        if self.cookies:
            sent["cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
        return await self._exchange(method, path, sent, content=content)

    async def _exchange(self, method: str, path: str, headers: Mapping[str, str], *, content: bytes) -> Reply:
        url = urlsplit(path)
        scope: Message = {
            "type": "http",
            "method": method,
            "path": unquote(url.path),
            "query_string": url.query.encode(),
            "headers": [(n.encode("latin-1"), v.encode("latin-1")) for n, v in headers.items()],
            "client": (self._ip, 40000),
            "scheme": "https",
        }
        messages: list[Message] = []
        answered = anyio.Event()
        waiting: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]

        async def receive() -> Message:
            if waiting:
                return waiting.pop()
            await answered.wait()  # who asks for an answer waits for it
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            messages.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                answered.set()

        await self._app(scope, receive, send)
        return self._reply(messages)

    def _reply(self, messages: list[Message]) -> Reply:
        found: dict[str, str] = {}
        cookies: SimpleCookie = SimpleCookie()
        for name, value in messages[0]["headers"]:
            text = value.decode("latin-1")
            if name == b"set-cookie":
                cookies.load(text)
            key = name.decode("latin-1")
            found[key] = f"{found[key]}, {text}" if key in found else text
        for name, morsel in cookies.items():
            if morsel.value:
                self.cookies[name] = morsel.value
            else:
                self.cookies.pop(name, None)
        body = b"".join(m.get("body", b"") for m in messages[1:])
        return Reply(messages[0]["status"], found, body, {n: m.value for n, m in cookies.items()})
