"""Every action's routes: REST under its prefix, pages and forms at the root, static files beside them."""

from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from portico.app.assembly import Assembly
from portico.app.contract import CHANGELOG, unknown_version, versions_of
from portico.app.serving import Endpoint
from portico.core.module import HtmlForm
from portico.core.plan import Plan
from portico.core.refusals import served_at
from portico.errors import Misconfigured, NotFound
from portico.policies.form import Form
from portico.transports.asgi import Message
from portico.transports.assets import APP_FOLDER, APP_PATH, FOREVER, OWN_BUILT, Built
from portico.transports.cached import CachedEndpoint, keeping_of
from portico.transports.deprecated import DeprecatedEndpoint, DeprecatedStream
from portico.transports.drawing import Blank
from portico.transports.export import ExportEndpoint
from portico.transports.form import FormEndpoint, PageEndpoint
from portico.transports.line import Headers
from portico.transports.link import LinkEndpoint
from portico.transports.mailbox import Mailbox
from portico.transports.rest import Edge, RestEndpoint
from portico.transports.routes import Router
from portico.transports.webhook import WebhookEndpoint
from portico.transports.websocket import LiveEndpoint
from portico.transports.wire import Exchange

STREAMS = {"spec_version": "2.4"}
"""Starlette then sends without listening for the client's leave."""


def lay_routes(app: Assembly, edge: Edge, mailbox: Mailbox | None = None) -> Router[Endpoint]:
    """The router of the whole application; its own routes come before those of the development mailbox."""
    router: Router[Endpoint] = Router(unknown_version(versions_of(app)))
    if mailbox is not None:
        router.add("GET", "/mailbox", mailbox.show_list)
        router.add("GET", "/mailbox/{number}", mailbox.show_mail)
        router.add("GET", "/mailbox.json", mailbox.send_list)
    for plan in app.all_plans.values():
        if plan.action.kind == "job":
            continue
        if plan.linked:
            router.add("GET", served_at(plan.action, page=False), LinkEndpoint(plan, edge), head=False)
            continue
        page = plan.is_page
        endpoint = PageEndpoint(plan, edge) if page else _dated(app, plan, _rest_endpoint(plan, edge))
        router.add(plan.action.place.method, served_at(plan.action, page=page), endpoint)
    for form in html_forms(app):
        router.add("POST", form.path, _form_endpoint(app, edge, form))
    if app.static is not None:
        router.add("GET", "/static/{file}", StaticEndpoint(StaticFiles(directory=app.static)))
    for built in built_for(app):
        files = StaticFiles(directory=built.folder, check_dir=False)
        router.add("GET", f"{built.path}/{{file}}", StaticEndpoint(files, kept=FOREVER))
    return router


def built_for(app: Assembly) -> list[Built]:
    """The browser code that the application's pages can load: its own build's, and Portico's."""
    own = [] if app.static is None else [Built(app.static / APP_FOLDER, APP_PATH)]
    return [*own, OWN_BUILT]


def _rest_endpoint(plan: Plan, edge: Edge) -> RestEndpoint:
    if plan.action.kind == "export":
        return ExportEndpoint(plan, edge)
    if plan.action.kind == "webhook":
        return WebhookEndpoint(plan, edge)
    if plan.action.kind == "subscription":
        return LiveEndpoint(plan, edge)
    keeping = keeping_of(plan)
    return RestEndpoint(plan, edge) if keeping is None else CachedEndpoint(plan, edge, keeping)


def _dated(app: Assembly, plan: Plan, endpoint: Endpoint) -> Endpoint:
    """The endpoint, which says so where its version is deprecated."""
    version, newest = plan.action.place.version, app.plans[plan.action.origin].action.place.version
    if version is None or newest is None or version.deprecated is None:
        return endpoint
    kind = DeprecatedStream if plan.action.kind == "subscription" else DeprecatedEndpoint
    return kind(endpoint, version, newest, changes=CHANGELOG)


def html_forms(app: Assembly) -> list[HtmlForm]:
    """The forms that modules give to actions, and those that actions declare themselves."""
    forms = [form for module in app.modules for form in module.forms]
    for plan in app.plans.values():
        forms += [
            HtmlForm(plan.action.place.path, plan.action, p.page, p.then) for p in plan.own if isinstance(p, Form)
        ]
    return forms


def _form_endpoint(app: Assembly, edge: Edge, form: HtmlForm) -> FormEndpoint:
    for action in (form.action, form.page):
        if action.name not in app.plans:
            message = f"The form at {form.path} uses {action.name}, which is not in this application; add its module."
            raise Misconfigured(message)
    plan, page = app.plans[form.action.name], app.plans[form.page.name]
    if not page.codec.page:
        message = (
            f"The form at {form.path} is shown by {form.page.name}, which returns no Html; name a query that does."
        )
        raise Misconfigured(message)
    blank = Blank(plan.action.name, form.path, plan.binder)
    edge.forms.setdefault(plan.action.name, blank)
    return FormEndpoint(plan, PageEndpoint(page, edge), blank, then=form.then)


class StaticEndpoint:
    """Files of a folder, such as the application's `static`."""

    def __init__(self, files: StaticFiles, *, kept: str = "") -> None:
        """Serve the folder; `kept` is what Cache-Control says of its files."""
        self._files = files
        self._kept = kept

    async def __call__(self, exchange: Exchange) -> int:
        """Send the file; raises NotFound."""
        wire, file = exchange.wire, exchange.values["file"]
        headers = [(n.encode(), v.encode("latin-1", "replace")) for n, v in wire.headers.items() if _is_known(n, v)]
        scope: Message = {"type": "http", "method": wire.method, "headers": headers, "asgi": STREAMS}
        try:
            response = await self._files.get_response(file, scope)
        except HTTPException:
            raise NotFound from None
        if self._kept:
            response.headers["cache-control"] = self._kept
        sending = Sending(exchange)
        try:
            await response(scope, nothing, sending)
        finally:
            wire.drop()
        return sending.status


def _is_known(name: str, value: str) -> bool:
    """Whether it is no range in units that nobody knows, which is as if it were not there (RFC 9110, section 14.2)."""
    return name != "range" or value[:6].lower() == "bytes="


class Sending:
    """What Starlette sends, onto the wire; a file of one piece goes as a whole."""

    def __init__(self, exchange: Exchange) -> None:
        """Nothing is sent yet."""
        self.status = 200
        self._wire = exchange.wire
        self._added = [("x-request-id", exchange.request.id), ("x-content-type-options", "nosniff")]
        self._head: Headers | None = None

    async def __call__(self, message: Message) -> None:
        """Send a message, or keep it until the next one tells how."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
            self._head = [*own, *self._added, *self._wire.leave]
            return
        more, head, self._head = message.get("more_body", False), self._head, None
        if head is not None and not more:
            await self._wire.respond(self.status, head, message["body"])
            return
        if head is not None:
            await self._wire.begin(self.status, head)
        await self._wire.send(message["body"], more=more)


async def nothing() -> Message:
    """A file is sent without listening."""
    return {"type": "http.disconnect"}
