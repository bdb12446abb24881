"""Every action's routes: REST under its prefix, pages and forms at the root, static files beside them."""

from collections.abc import Mapping
from typing import cast

from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from portico.app.assembly import Assembly
from portico.app.serving import Endpoint
from portico.core.module import HtmlForm
from portico.core.refusals import served_at
from portico.errors import Misconfigured, NotFound
from portico.policies.form import Form
from portico.transports.form import FormEndpoint, PageEndpoint
from portico.transports.rest import Edge, RestEndpoint
from portico.transports.routes import Router
from portico.transports.wire import Exchange


def lay_routes(app: Assembly, edge: Edge) -> Router[Endpoint]:
    """The router of the whole application."""
    router: Router[Endpoint] = Router()
    for plan in app.plans.values():
        page = plan.codec.page or (plan.codec.redirect and plan.read_only)
        endpoint: Endpoint = PageEndpoint(plan, edge) if page else RestEndpoint(plan, edge)
        router.add(plan.action.place.method, served_at(plan.action, page=page), endpoint)
    for form in html_forms(app):
        router.add("POST", form.path, _form_endpoint(app, edge, form))
    if app.static is not None:
        router.add("GET", "/static/{file}", StaticEndpoint(StaticFiles(directory=app.static)))
    return router


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
    return FormEndpoint(plan, PageEndpoint(page, edge), form.then)


class StaticEndpoint:
    """Files of the application's `static` folder."""

    def __init__(self, files: StaticFiles) -> None:
        """Serve the folder."""
        self._files = files

    async def __call__(self, exchange: Exchange) -> int:
        """Send the file; raises NotFound."""
        status, file, scope = 200, exchange.values["file"], exchange.wire.scope

        async def sending(message: Mapping[str, object]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = cast("int", message["status"])
                headers = cast("list[tuple[bytes, bytes]]", message["headers"])
                added = [(b"x-request-id", exchange.request.id.encode()), (b"x-content-type-options", b"nosniff")]
                message = {**message, "headers": [*headers, *added]}
            await exchange.send(dict(message))

        scope = {**scope, "path": f"/{file}", "root_path": ""}
        try:
            response = await self._files.get_response(file, scope)
        except HTTPException:
            raise NotFound from None
        await response(scope, exchange.wire.receive, sending)
        return status
