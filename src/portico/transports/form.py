"""Pages and forms that work without JavaScript: errors beside fields, values kept, 303 after a success."""

import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from typing import cast
from urllib.parse import quote
from zoneinfo import ZoneInfo, available_timezones

from portico.core.answer import Answer, Html, Redirect
from portico.core.call import Call
from portico.core.inputs import Bound, Raw
from portico.core.module import Then
from portico.core.plan import Plan
from portico.core.template import Template
from portico.errors import Error, FieldError, Invalid, Misconfigured, NoFiles, TooManyFields, Unauthorized, Unsupported
from portico.transports.answers import HTML, headers_of, refusal_headers, send_answer
from portico.transports.csrf import COOKIE, FIELD, Tokened, check_form, form_token, is_form
from portico.transports.drawing import Blank
from portico.transports.fields import Tree, read_form
from portico.transports.line import Headers
from portico.transports.onward import door_of, local_path, next_of, with_next
from portico.transports.pages import KEY, NEXT, ZONE, Around, FormState, Pages, Sent, plain_error
from portico.transports.problems import TITLES, field_messages
from portico.transports.rest import Edge, begin_call
from portico.transports.wire import Exchange, Wire

NAIVE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")
CSP = "content-security-policy"
# Styles alone may stand in a page: plots set theirs. No form-action: browsers hold it against redirects, to a payment
# service for one.
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SECRET = ("password", FIELD, KEY, NEXT, ZONE)
"""What is never put back into a form, besides the members that are secrets by their type."""
NOTHING = Answer()
"""What was answered before a page that is asked for by itself."""
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

    async def show(self, exchange: Exchange, sent: Sent, *, before: Answer = NOTHING) -> int:
        """Render the page around a form; `before` is what the form's action has answered already."""
        edge, plan, wire, request = self.edge, self.plan, exchange.wire, exchange.request
        for cookie in before.cookies:
            wire.bring(cookie.name, cookie.value)
        call, kept_back = begin_call(plan, edge, exchange)
        call.answer.cookies += before.cookies
        around = Around(edge.forms, exchange.values, request.root)
        state = draw_form(wire, edge, call.answer, sent=sent, around=around)

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
        # the limits of what was asked for, not of the page that is drawn around it
        call.answer.limits = before.limits or call.answer.limits
        headers, status = page_headers(call), sent.error.status if sent.error else 200
        headers += refusal_headers(sent.error, request.locale) if sent.error else [("content-language", request.locale)]
        body = fragment_of(wire, state) if sent.action else None
        await send_answer(wire, status, headers, body=(call.encoded or b"") if body is None else body)
        return status

    def address(self, exchange: Exchange) -> str:
        """The page's own path and query, as a browser would ask for it again."""
        path, query = self._path.fill(exchange.values), exchange.wire.query_string
        return quote(path or exchange.wire.path) + (f"?{query}" if query else "")


class FormEndpoint(Tokened):
    """An action's HTML form: posted here, shown again on its page where something is wrong."""

    __slots__ = ("blank", "edge", "page", "plan", "then")

    def __init__(self, plan: Plan, page: PageEndpoint, blank: Blank, *, then: Then) -> None:
        """Serve the plan's action as a form of that page; a success goes to `then`."""
        self.plan = plan
        self.edge = page.edge
        self.page = page
        self.blank = blank
        self.then = [Template(way) for way in ([then] if isinstance(then, str) else then)]

    async def __call__(self, exchange: Exchange) -> int:
        """Run the call; returns the status."""
        plan, edge, wire = self.plan, self.edge, exchange.wire
        call, kept_back = begin_call(plan, edge, exchange)
        call.encoder = plan.codec.encode
        fields: Tree = {}

        async def receive() -> Bound:
            if not is_form(wire):
                return Bound({}, None, Unsupported())
            body = await wire.body(edge.max_body)
            try:
                fields.update(read_form(body, wire.headers["content-type"]))
                token = fields.pop(FIELD, None)
                check_form(wire, edge.pipeline.services.sign, token)
                call.key, call.scope = key_of(fields), f"form:{token}"
            except (Invalid, TooManyFields, NoFiles) as unreadable:  # kept back until it is known who calls
                return Bound({}, None, unreadable)
            if kept_back is not None:
                return Bound({}, None, kept_back)
            return self._bound(exchange, fields)

        result = await edge.pipeline.run(plan, call, receive)
        onward = local_path(fields.get(NEXT))
        if result.error is None:
            if not self.then and not isinstance(result.data, Redirect):
                sent = Sent(onward=onward, result=result.data)
                return await self.page.show(exchange, sent, before=call.answer)
            return await self._lead(exchange, call, self._onward(call, result.data, onward))
        if isinstance(result.error, Unauthorized) and not plan.public:
            return await refuse_page(self.page, exchange, call, error=result.error)
        sent = self._blamed(exchange, fields, error=result.error)._replace(onward=onward)
        return await self.page.show(exchange, sent, before=call.answer)

    def _bound(self, exchange: Exchange, fields: Tree) -> Bound:
        """What was entered, as the action takes it."""
        wire, zones = exchange.wire, fields.pop(ZONE, ())
        fitted = cast("Tree", self.blank.shape.fit(placed_in_time(fields, zones)))
        flat = {**fitted, **exchange.values}
        return self.plan.binder.bind(Raw(exchange.values, {}, wire.headers, wire.cookies, fields=flat))

    async def _lead(self, exchange: Exchange, call: Call, to: str | Redirect) -> int:
        """To where a success leads; within the page, where that is the page of the form."""
        here = self.page.address(exchange).partition("?")[0]
        within = isinstance(to, str) and to.partition("?")[0] == here
        return await see_other(call, to, exchange.wire, within=within)

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
        kept = {n: v for n, v in fields.items() if not (n in hidden or n.startswith(SECRET))}
        return Sent(
            values=cast("Tree", self.blank.shape.reveal(kept)),
            errors={path: [m["message"] for m in found] for path, found in messages.items()},
            message=catalogs.error(error, request.locale),
            confirm=with_next(door_of(self.edge, error), self.page.address(exchange)),
            action=self.plan.action.name,
            error=error,
        )


def key_of(fields: Tree) -> str | None:
    """The idempotency key of the form's rendering, taken out; raises Invalid where it came as anything but a text."""
    key = fields.pop(KEY, None)
    if key is None or isinstance(key, str):
        return key
    raise Invalid(errors={KEY: [FieldError("VAL_INVALID_FORMAT")]})


def draw_form(wire: Wire, edge: Edge, answer: Answer, *, sent: Sent, around: Around) -> FormState:
    """A form for this browser; one that has no nonce yet is given one."""
    nonce = wire.cookies.get(COOKIE, "")
    if not nonce:
        nonce = secrets.token_urlsafe(16)
        answer.cookie(COOKIE, nonce, readable=True)
    return FormState(
        form_token(wire, edge.pipeline.services.sign, nonce), secrets.token_urlsafe(16), sent, around=around
    )


async def see_other(call: Call, to: str | Redirect, wire: Wire, *, within: bool = False) -> int:
    """303 to a path of our own, or where an external Redirect says.

    A script could not see that it was redirected: it is told in a header, and `within` that it may stay on the page.
    """
    target = to.to if isinstance(to, Redirect) else to
    if not (isinstance(to, Redirect) and to.external):
        if not target.startswith("/") or target.startswith(("//", "/\\")):
            message = f"{call.action} redirects to {target!r}; write a path of our own, or Redirect(…, external=True)."
            raise Misconfigured(message)
        target = call.request.root + target
    headers = [(n, v) for n, v in headers_of(call.answer, call.request, HTML) if n != "location"]
    address = quote(target, safe="/:?#[]@!$&'()*+,;=%-._~")
    status = HTTPStatus.OK if is_htmx(wire) else HTTPStatus.SEE_OTHER
    named = ("hx-location" if within else "hx-redirect") if is_htmx(wire) else "location"
    headers.append((named, address))
    await send_answer(wire, status, headers, body=b"")
    return status


def is_htmx(wire: Wire) -> bool:
    """Whether htmx has sent it: the answer is then put into the page that is shown."""
    return wire.headers.get("hx-request") == "true"


def fragment_of(wire: Wire, state: FormState) -> bytes | None:
    """The form alone that htmx has sent and wants to replace; None where the whole page is wanted."""
    if not is_htmx(wire):
        return None
    markup = state.drawn.get(wire.headers.get("hx-target", "").removeprefix("form#"))
    return None if markup is None else markup.encode()


def page_headers(call: Call) -> Headers:
    """The headers of a page: what it may load and who may frame it, unless its action says otherwise."""
    headers = headers_of(call.answer, call.request, HTML)
    if not any(name == CSP for name, _ in headers):
        headers.append((CSP, POLICY))
    headers.append(("vary", "HX-Request"))
    return headers


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
    headers = page_headers(call)
    headers += refusal_headers(error, language)
    if is_htmx(wire):  # a page, where a form was sent: it takes the whole window
        headers += [("hx-retarget", "body"), ("hx-reswap", "innerHTML")]
    title, message = TITLES.get(error.status, "Error"), edge.catalogs.error(error, language)
    if edge.pages is None:
        body = plain_error(title, message, language)
    else:
        body = edge.pages.refusal(title, message, language, root=call.request.root)
    await send_answer(wire, error.status, headers, body=body)
    return error.status


def placed_in_time(fields: Tree, zones: object) -> Tree:
    """The moments that a form says the zone of, with their offset from UTC; what is no moment stays as it is."""
    for name, _, zone in (str(said).partition(" ") for said in (zones if isinstance(zones, list) else [zones])):
        written = fields.get(name)
        if isinstance(written, str) and NAIVE.fullmatch(written) and zone in available_timezones():
            with suppress(ValueError):
                fields[name] = datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone)).isoformat()
    return fields


def pages_of(edge: Edge, plan: Plan) -> Pages:
    """The templates; raises Misconfigured where the application has none."""
    if edge.pages is None:
        message = (
            f"{plan.action.name} returns Html, but the application has no templates; write App(templates=Path(…))."
        )
        raise Misconfigured(message)
    return edge.pages
