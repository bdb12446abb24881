"""Pages and forms that work without JavaScript: errors beside fields, values kept, 303 after a success."""

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import cast
from urllib.parse import quote, unquote_plus

from portico.core.answer import Html, Redirect
from portico.core.call import Call
from portico.core.inputs import Bound, Raw
from portico.core.plan import Plan
from portico.core.template import Template
from portico.errors import Error, Misconfigured, Unauthorized, Unsupported
from portico.transports.answers import HTML, Headers, headers_of, refusal_headers, send_answer
from portico.transports.csrf import COOKIE, FIELD, check_form, form_token, is_form
from portico.transports.pages import KEY, FormState, Pages, plain_error
from portico.transports.problems import TITLES, field_messages
from portico.transports.rest import Edge, begin_call
from portico.transports.wire import Exchange, Send, Wire

SECRET = ("password", FIELD, KEY)
"""What is never put back into a form."""


class PageEndpoint:
    """A query that returns `Html`, at its bare path; or one that returns `Redirect`."""

    __slots__ = ("edge", "plan")

    def __init__(self, plan: Plan, edge: Edge) -> None:
        """Serve the plan's action as a page."""
        self.plan = plan
        self.edge = edge

    async def __call__(self, exchange: Exchange) -> int:
        """Render the page; returns the status."""
        return await self.show(exchange)

    async def show(self, exchange: Exchange, form: FormState | None = None, *, status: int = 200) -> int:
        """Render the page around a form, or with a fresh one."""
        edge, plan, wire, request = self.edge, self.plan, exchange.wire, exchange.request
        call, kept_back = begin_call(plan, edge, exchange)
        state = form or fresh_form(wire, edge, call)

        async def receive() -> Bound:
            if kept_back is not None:
                return Bound({}, None, kept_back)
            return plan.binder.bind(Raw(exchange.values, wire.query(), wire.headers, wire.cookies))

        def render(value: object) -> bytes:
            if isinstance(value, Redirect):
                return b""
            return pages_of(edge, plan).render(cast("Html", value), state, request.locale)

        call.encoder = render
        result = await edge.pipeline.run(plan, call, receive)
        if result.error is not None:
            return await refuse_page(edge, exchange, call, error=result.error)
        if isinstance(result.data, Redirect):
            return await see_other(call, result.data, exchange.send)
        headers = headers_of(call.answer, request, HTML)
        headers.append((b"content-language", request.locale.encode()))
        await send_answer(exchange.send, status, headers, body=call.encoded or b"")
        return status


class FormEndpoint:
    """An action's HTML form: posted here, shown again on its page where something is wrong."""

    __slots__ = ("edge", "page", "plan", "then")

    def __init__(self, plan: Plan, page: PageEndpoint, then: str) -> None:
        """Serve the plan's action as a form of that page; a success goes to `then`, a template."""
        self.plan = plan
        self.edge = page.edge
        self.page = page
        self.then = Template(then)

    async def __call__(self, exchange: Exchange) -> int:
        """Run the call; returns the status."""
        plan, edge, wire = self.plan, self.edge, exchange.wire
        call, kept_back = begin_call(plan, edge, exchange)
        call.encoder = plan.codec.encode
        fields: dict[str, object] = {}

        async def receive() -> Bound:
            if not is_form(wire):
                return Bound({}, None, Unsupported())
            fields.update(parse_form(await wire.body()))
            check_form(wire, edge.pipeline.services.sign, fields.pop(FIELD, None))
            call.key = cast("str | None", fields.pop(KEY, None))
            if kept_back is not None:
                return Bound({}, None, kept_back)
            flat = {**fields, **exchange.values}
            return plan.binder.bind(Raw(exchange.values, {}, wire.headers, wire.cookies, fields=flat))

        result = await edge.pipeline.run(plan, call, receive)
        if result.error is None:
            to = result.data if isinstance(result.data, Redirect) else self.then.fill(call.values, result.data)
            return await see_other(call, to or "/", exchange.send)
        if isinstance(result.error, Unauthorized) and not plan.public:
            return await refuse_page(edge, exchange, call, error=result.error)
        form = self._blamed(exchange, call, fields, error=result.error)
        return await self.page.show(exchange, form, status=result.error.status)

    def _blamed(self, exchange: Exchange, call: Call, fields: Mapping[str, object], *, error: Error) -> FormState:
        """The form with what was entered and what was wrong."""
        form = fresh_form(exchange.wire, self.edge, call)
        form.values = {name: v for name, v in fields.items() if not name.startswith(SECRET)}
        form.message = self.edge.catalogs.error(error, call.request.locale)
        messages = field_messages(error, call.request, self.edge.catalogs)
        form.errors = {path: [m["message"] for m in found] for path, found in messages.items()}
        return form


def fresh_form(wire: Wire, edge: Edge, call: Call) -> FormState:
    """A form for this browser; one that has no nonce yet is given one."""
    nonce = wire.cookies.get(COOKIE, "")
    if not nonce:
        nonce = secrets.token_urlsafe(16)
        call.answer.cookie(COOKIE, nonce, readable=True)
    return FormState(form_token(wire, edge.pipeline.services.sign, nonce), secrets.token_urlsafe(16))


async def see_other(call: Call, to: str | Redirect, send: Send) -> int:
    """303 to a path of our own, or where an external Redirect says."""
    target = to.to if isinstance(to, Redirect) else to
    if not (isinstance(to, Redirect) and to.external):
        if not target.startswith("/") or target.startswith(("//", "/\\")):
            message = f"{call.action} redirects to {target!r}; write a path of our own, or Redirect(…, external=True)."
            raise Misconfigured(message)
        target = call.request.root + target
    headers = [(n, v) for n, v in headers_of(call.answer, call.request, HTML) if n != b"location"]
    headers.append((b"location", quote(target, safe="/:?#[]@!$&'()*+,;=%-._~").encode()))
    await send_answer(send, HTTPStatus.SEE_OTHER, headers, body=b"")
    return HTTPStatus.SEE_OTHER


async def refuse_page(edge: Edge, exchange: Exchange, call: Call, *, error: Error) -> int:
    """A refused page: who is not signed in goes to the sign-in page, anything else is said in words."""
    path, language = exchange.wire.path, call.request.locale
    if isinstance(error, Unauthorized) and edge.sign_in and path != edge.sign_in:
        return await see_other(call, f"{edge.sign_in}?next={quote(path)}", exchange.send)
    headers: Headers = headers_of(call.answer, call.request, HTML)
    headers += refusal_headers(error, language)
    body = plain_error(TITLES.get(error.status, "Error"), edge.catalogs.error(error, language), language)
    await send_answer(exchange.send, error.status, headers, body=body)
    return error.status


def parse_form(body: bytes) -> dict[str, object]:
    """An `application/x-www-form-urlencoded` body; a repeated name is a list, an empty one is not there."""
    fields: dict[str, object] = {}
    for pair in body.decode("utf-8", "replace").split("&")[:1000]:
        name, _, value = pair.partition("=")
        text = unquote_plus(value).replace("\r\n", "\n")
        if not name or not text:
            continue
        key = unquote_plus(name)
        known = fields.get(key)
        if known is None:
            fields[key] = text
        else:
            fields[key] = [*known, text] if isinstance(known, list) else [known, text]
    return fields


def pages_of(edge: Edge, plan: Plan) -> Pages:
    """The templates; raises Misconfigured where the application has none."""
    if edge.pages is None:
        message = (
            f"{plan.action.name} returns Html, but the application has no templates; write App(templates=Path(…))."
        )
        raise Misconfigured(message)
    return edge.pages
