"""Templates: Jinja2 with escaping on, undefined names an error."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from portico.core.answer import Html
from portico.transports.csrf import FIELD

KEY = "_key"


class FormState:
    """What a template needs to draw a form: what was entered, what was wrong, and the hidden members.

    `values` holds what was sent, by name; `errors` the messages by dotted path; `message` what the refusal says as a
    whole, empty on a first view.
    """

    __slots__ = ("_key", "_token", "errors", "message", "values")

    def __init__(self, token: str, key: str) -> None:
        """A fresh form."""
        self._token = token
        self._key = key
        self.values: Mapping[str, object] = {}
        self.errors: Mapping[str, list[str]] = {}
        self.message = ""

    def hidden(self) -> Markup:
        """The hidden members: the token that proves the page is ours, and this rendering's idempotency key."""
        return Markup('<input type="hidden" name="{}" value="{}"><input type="hidden" name="{}" value="{}">').format(
            FIELD, self._token, KEY, self._key
        )

    def value(self, name: str, default: object = "") -> object:
        """What was entered, or the default."""
        return self.values.get(name, default)


class Pages:
    """Renders templates of one folder."""

    def __init__(self, folder: Path) -> None:
        """Templates are compiled when first used."""
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, page: Html, form: FormState, language: str) -> bytes:
        """The page; its templates see its values, `form`, and `language`."""
        template = self._environment.get_template(page.template)
        return template.render({**page.values, "form": form, "language": language}).encode()


def plain_error(title: str, message: str, language: str) -> bytes:
    """A page for a refusal that no template shows."""
    return (
        f'<!doctype html><html lang="{escape(language)}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f'<main style="font-family:system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem">'
        f"<h1>{escape(title)}</h1><p>{escape(message)}</p></main></html>"
    ).encode()
