"""Pages and forms that work without JavaScript: errors beside fields, values kept, 303 after a success."""

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import cast
from urllib.parse import quote, unquote_plus

from portico.core.answer import Answer, Html, Redirect
from portico.core.call import Call
from portico.core.inputs import Bound, Raw
from portico.core.module import Then
from portico.core.plan import Plan
from portico.core.template import Template
from portico.errors import Error, Misconfigured, Unauthorized, Unsupported
from portico.transports.answers import HTML, headers_of, refusal_headers, send_answer
from portico.transports.csrf import COOKIE, FIELD, check_form, form_token, is_form
from portico.transports.line import Headers
from portico.transports.onward import door_of, local_path, next_of, with_next
from portico.transports.pages import KEY, NEXT, FormState, Pages, Sent, plain_error
from portico.transports.problems import TITLES, field_messages
from portico.transports.rest import Edge, begin_call
from portico.transports.wire import Exchange, Wire

SECRET = ("password", FIELD, KEY, NEXT)
"""What is never put back into a form, besides the members that are secrets by their type."""
ONWARD = "{next}"
"""The way that leads where the visitor wanted to go."""


class PageEndpoint:
    """A query that returns `Html`, at its bare path; or one that returns `Redirect`."""

    __slots__ = ("_path", "edge", "plan")

    def __init__(self, plan: Plan, edge: Edge) -> None:
        """Serve the plan's action as a page."""
        self.plan = plan
        self.edge = edge
        self._path = Template(plan.action.place.path)

    async def __call__(self, exchange: Exchange) -> int:
        """Render the page; returns the status."""
        return await self.show(exchange, Sent(onward=next_of(exchange.wire)))

    async def show(self, exchange: Exchange, sent: Sent, *, status: int = 200, before: Answer | None = None) -> int:
        """Render the page around a form; `before` is what the form's action has answered already."""
        edge, plan, wire, request = self.edge, self.plan, exchange.wire, exchange.request
        for cookie in before.cookies if before else ():
            wire.bring(cookie.name, cookie.value)
        call, kept_back = begin_call(plan, edge, exchange)
        call.answer.cookies += before.cookies if before else ()
        state = draw_form(wire, edge, call.answer, sent=sent)

        async def receive() -> Bound:
            if kept_back is not None:
                return Bound({}, None, kept_back)
            return plan.binder.bind(Raw(exchange.values, wire.query(), wire.headers, wire.cookies))

        def render(value: object) -> bytes:
            if isinstance(value, Redirect):
                return b""
            return pages_of(edge, plan).render(cast("Html", value), state, request.locale, root=request.root)

        call.encoder = render
        result = await edge.pipeline.run(plan, call, receive)
        if result.error is not None:
            return await refuse_page(self, exchange, call, error=result.error)
        if isinstance(result.data, Redirect):
            return await see_other(call, result.data, exchange.wire)
        headers = headers_of(call.answer, request, HTML)
        headers.append(("content-language", request.locale))
        await send_answer(exchange.wire, status, headers, body=call.encoded or b"")
        return status

    def address(self, exchange: Exchange) -> str:
        """The page's own path and query, as a browser would ask for it again."""
        path, query = self._path.fill(exchange.values), exchange.wire.query_string
        return quote(path or exchange.wire.path) + (f"?{query}" if query else "")


class FormEndpoint:
    """An action's HTML form: posted here, shown again on its page where something is wrong."""

    __slots__ = ("edge", "page", "plan", "then")

    def __init__(self, plan: Plan, page: PageEndpoint, then: Then) -> None:
        """Serve the plan's action as a form of that page; a success goes to `then`."""
        self.plan = plan
        self.edge = page.edge
        self.page = page
        self.then = [Template(way) for way in ([then] if isinstance(then, str) else then)]

    async def __call__(self, exchange: Exchange) -> int:
        """Run the call; returns the status."""
        plan, edge, wire = self.plan, self.edge, exchange.wire
        call, kept_back = begin_call(plan, edge, exchange)
        call.encoder = plan.codec.encode
        fields: dict[str, object] = {}

        async def receive() -> Bound:
            if not is_form(wire):
                return Bound({}, None, Unsupported())
            fields.update(parse_form(await wire.body(edge.max_body)))
            check_form(wire, edge.pipeline.services.sign, fields.pop(FIELD, None))
            call.key = cast("str | None", fields.pop(KEY, None))
            if kept_back is not None:
                return Bound({}, None, kept_back)
            flat = {**fields, **exchange.values}
            return plan.binder.bind(Raw(exchange.values, {}, wire.headers, wire.cookies, fields=flat))

        result = await edge.pipeline.run(plan, call, receive)
        onward = local_path(fields.get(NEXT))
        if result.error is None:
            if not self.then and not isinstance(result.data, Redirect):
                sent = Sent(onward=onward, result=result.data)
                return await self.page.show(exchange, sent, before=call.answer)
            return await see_other(call, self._onward(call, result.data, onward), exchange.wire)
        if isinstance(result.error, Unauthorized) and not plan.public:
            return await refuse_page(self.page, exchange, call, error=result.error)
        sent = self._blamed(exchange, fields, error=result.error)._replace(onward=onward)
        return await self.page.show(exchange, sent, status=result.error.status)

    def _onward(self, call: Call, data: object, onward: str) -> str | Redirect:
        """Where a success leads: the first way whose places are filled, by the input, the result, or `{next}`."""
        if isinstance(data, Redirect):
            return data
        values = {**call.values, "next": quote(onward, safe="/") or None}
        for way in self.then:
            if (to := way.fill(values, data)) is not None:
                return onward if way.text == ONWARD else to
        return "/"

    def _blamed(self, exchange: Exchange, fields: Mapping[str, object], *, error: Error) -> Sent:
        """The form with what was entered and what was wrong."""
        request, catalogs = exchange.request, self.edge.catalogs
        hidden = {member.name for member in self.plan.binder.members if member.secret}
        messages = field_messages(error, request, catalogs)
        return Sent(
            values={n: v for n, v in fields.items() if not (n in hidden or n.startswith(SECRET))},
            errors={path: [m["message"] for m in found] for path, found in messages.items()},
            message=catalogs.error(error, request.locale),
            confirm=with_next(door_of(self.edge, error), self.page.address(exchange)),
        )


def draw_form(wire: Wire, edge: Edge, answer: Answer, *, sent: Sent) -> FormState:
    """A form for this browser; one that has no nonce yet is given one."""
    nonce = wire.cookies.get(COOKIE, "")
    if not nonce:
        nonce = secrets.token_urlsafe(16)
        answer.cookie(COOKIE, nonce, readable=True)
    return FormState(form_token(wire, edge.pipeline.services.sign, nonce), secrets.token_urlsafe(16), sent)


async def see_other(call: Call, to: str | Redirect, wire: Wire) -> int:
    """303 to a path of our own, or where an external Redirect says."""
    target = to.to if isinstance(to, Redirect) else to
    if not (isinstance(to, Redirect) and to.external):
        if not target.startswith("/") or target.startswith(("//", "/\\")):
            message = f"{call.action} redirects to {target!r}; write a path of our own, or Redirect(…, external=True)."
            raise Misconfigured(message)
        target = call.request.root + target
    headers = [(n, v) for n, v in headers_of(call.answer, call.request, HTML) if n != "location"]
    headers.append(("location", quote(target, safe="/:?#[]@!$&'()*+,;=%-._~")))
    await send_answer(wire, HTTPStatus.SEE_OTHER, headers, body=b"")
    return HTTPStatus.SEE_OTHER


async def refuse_page(page: PageEndpoint, exchange: Exchange, call: Call, *, error: Error) -> int:
    """A refused page: who is to sign in, or to confirm, goes where that is done; anything else is said in words."""
    edge = page.edge
    door = door_of(edge, error)
    if door and door != exchange.wire.path:
        return await see_other(call, with_next(door, page.address(exchange)), exchange.wire)
    return await send_refused_page(edge, call, error, wire=exchange.wire)


async def send_refused_page(edge: Edge, call: Call, error: Error, *, wire: Wire) -> int:
    """A refusal in words, with its status."""
    language = call.request.locale
    headers: Headers = headers_of(call.answer, call.request, HTML)
    headers += refusal_headers(error, language)
    title, message = TITLES.get(error.status, "Error"), edge.catalogs.error(error, language)
    if edge.pages is None:
        body = plain_error(title, message, language)
    else:
        body = edge.pages.refusal(title, message, language, root=call.request.root)
    await send_answer(wire, error.status, headers, body=body)
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
