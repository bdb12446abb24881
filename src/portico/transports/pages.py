"""Templates: Jinja2 with escaping on, undefined names an error."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from portico.core.answer import Html
from portico.transports.assets import Assets
from portico.transports.csrf import FIELD

KEY = "_key"
NEXT = "_next"
REFUSAL = "refusal.html"
"""The template that shows what a page refuses, where the application has one; else a plain page does."""


class Sent(NamedTuple):
    """A form that was sent, as its page shows it again."""

    values: Mapping[str, object] = {}
    errors: Mapping[str, list[str]] = {}
    message: str = ""
    onward: str = ""
    confirm: str = ""
    result: object = None


class FormState:
    """What a template needs to draw a form: what was entered, what was wrong, and the hidden members.

    `values` holds what was sent, by name; `errors` the messages by dotted path; `message` what the refusal says as a
    whole, empty on a first view. `next` is where the visitor wanted to go, a path of our own or empty. `confirm` is the
    path of the page that asks for the password again, where that is what was missing. `result` is what the action
    returned, on the page of a form that leads nowhere.
    """

    __slots__ = ("_key", "_token", "confirm", "errors", "message", "next", "result", "values")

    def __init__(self, token: str, key: str, sent: Sent) -> None:
        """A fresh form, around what was sent."""
        self._token = token
        self._key = key
        self.values, self.errors, self.message = sent.values, sent.errors, sent.message
        self.next, self.confirm, self.result = sent.onward, sent.confirm, sent.result

    def hidden(self) -> Markup:
        """The hidden members: the token that proves the page is ours, this rendering's idempotency key, the way on."""
        members = [(FIELD, self._token), (KEY, self._key), *([(NEXT, self.next)] if self.next else [])]
        member = Markup('<input type="hidden" name="{}" value="{}">')
        return Markup("").join(member.format(name, value) for name, value in members)

    def value(self, name: str, default: object = "") -> object:
        """What was entered, or the default."""
        return self.values.get(name, default)


class Pages:
    """Renders templates of one folder."""

    def __init__(self, folder: Path, assets: Assets | None = None) -> None:
        """Templates are compiled when first used; `assets` is the browser code that they can load."""
        self._assets = assets or Assets([])
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["assets"] = self._load

    def render(self, page: Html, form: FormState, language: str, *, root: str = "") -> bytes:
        """The page; its templates see its values, `form`, `language`, and the `root` that its paths stand under."""
        return self.draw(page.template, {**page.values, "form": form, "language": language, "root": root})

    def draw(self, template: str, values: Mapping[str, object]) -> bytes:
        """A page that has no form."""
        return self._environment.get_template(template).render(values).encode()

    def refusal(self, title: str, message: str, language: str, *, root: str = "") -> bytes:
        """What a page refuses, by the application's `refusal.html` where there is one."""
        try:
            return self.draw(REFUSAL, {"title": title, "message": message, "language": language, "root": root})
        except TemplateNotFound:
            return plain_error(title, message, language)

    @pass_context
    def _load(self, context: Context, entry: str) -> Markup:
        """`{{ assets("forms") }}`: the tags that load an entry of the browser code."""
        return self._assets.tags(entry, context.get("root", ""))


def plain_error(title: str, message: str, language: str) -> bytes:
    """A page for a refusal that no template shows."""
    return (
        f'<!doctype html><html lang="{escape(language)}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f'<main style="font-family:system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem">'
        f"<h1>{escape(title)}</h1><p>{escape(message)}</p></main></html>"
    ).encode()
