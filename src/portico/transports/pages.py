"""Templates: Jinja2 with escaping on, undefined names an error."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, cast

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from portico.core.action import AnyAction
from portico.core.answer import Html
from portico.errors import Error, Misconfigured
from portico.transports.assets import Assets
from portico.transports.compiled import Compiled
from portico.transports.csrf import FIELD
from portico.transports.drawing import Blamed, Blank, Field, Fill, Style, blamed_of, flat, look

KEY = "_key"
NEXT = "_next"
ZONE = "_zone"
"""Says of a moment in which time zone it was entered: its name, and the zone's."""
OWN_TEMPLATES = Path(__file__).parent / "drawn"
FORM = "portico/form.html"
REFUSAL = "refusal.html"
"""The template that shows what a page refuses, where the application has one; else a plain page does."""
COMPILED = Compiled()


class Sent(NamedTuple):
    """A form that was sent, as its page shows it again."""

    values: Mapping[str, object] = {}
    errors: Mapping[str, list[str]] = {}
    message: str = ""
    onward: str = ""
    confirm: str = ""
    result: object = None
    action: str = ""
    """The action whose form it was."""
    error: Error | None = None
    """Why it was refused, if it was."""


class Around(NamedTuple):
    """What a form needs of its application and its page."""

    blanks: Mapping[str, Blank] = {}
    values: Mapping[str, str] = {}
    """What the page's path says."""
    root: str = ""


NOWHERE = Around()


class FormState:
    """What a template needs to draw a form: what was entered, what was wrong, and the hidden members.

    Called with an action or its name it draws that action's form whole: `{{ form("pages.book", submit="Book") }}`.

    `values` holds what was sent, by name; `errors` the messages by dotted path; `message` what the refusal says as a
    whole, empty on a first view. `next` is where the visitor wanted to go, a path of our own or empty. `confirm` is the
    path of the page that asks for the password again, where that is what was missing. `result` is what the action
    returned, on the page of a form that leads nowhere.
    """

    __slots__ = (
        "_around",
        "_key",
        "_token",
        "confirm",
        "drawer",
        "drawn",
        "errors",
        "message",
        "next",
        "result",
        "sent",
        "values",
    )

    def __init__(self, token: str, key: str, sent: Sent, *, around: Around = NOWHERE) -> None:
        """A fresh form, around what was sent."""
        self._token = token
        self._key = key
        self._around = around
        self.sent = sent.action
        self.values, self.errors, self.message = sent.values, sent.errors, sent.message
        self.next, self.confirm, self.result = sent.onward, sent.confirm, sent.result
        self.drawer: Callable[[Drawn], str] | None = None
        self.drawn: dict[str, str] = {}
        """The forms that were drawn whole, by their id."""

    def hidden(self) -> Markup:
        """The hidden members: the token that proves the page is ours, this rendering's idempotency key, the way on."""
        members = [(FIELD, self._token), (KEY, self._key), *([(NEXT, self.next)] if self.next else [])]
        member = Markup('<input type="hidden" name="{}" value="{}">')
        return Markup("").join(member.format(name, value) for name, value in members)

    def value(self, name: str, default: object = "") -> object:
        """What was entered, by dotted path, or the default."""
        found = look(self.values, name.split("."))
        return default if found is None else found

    def __call__(self, action: AnyAction | str, **style: Any) -> Markup:
        """An action's form, whole: its fields with labels, limits, hints, values and errors, and its button.

        The keywords are those of `Style`. Raises Misconfigured where the application has no form for the action.
        """
        name = action if isinstance(action, str) else action.name
        blank = self._around.blanks.get(name)
        if blank is None or self.drawer is None:
            message = f"form({name!r}): the application has no form for it; write Form(page=…) or module.form(…)."
            raise Misconfigured(message)
        wanted = Style(**{"id": name.replace(".", "-").replace("_", "-"), **style})
        markup = self.drawer(self._draw(blank, wanted))
        self.drawn[wanted.id] = markup
        return Markup(markup)  # noqa: S704  # what our own template has escaped

    def _draw(self, blank: Blank, style: Style) -> "Drawn":
        mine = self.sent in {"", blank.action}
        sent = mine and bool(self.message)
        errors = self.errors if mine else {}
        path = style.path or blank.path.fill(self._around.values) or ""
        fields = Fill(self.values if sent else style.values, errors, style).draw(blank.shape)
        message = self.message if mine else ""
        return Drawn(self._around.root + path, style, self.hidden(), fields, errors, message, self.confirm)


class Drawn(NamedTuple):
    """A form as the template draws it."""

    action: str
    style: Style
    hidden: Markup
    fields: list[Field]
    errors: Mapping[str, Sequence[str]]
    message: str
    confirm: str

    @property
    def blamed(self) -> list[Blamed]:
        """The lines of the summary."""
        return list(blamed_of(self.fields, self.errors))

    @property
    def nowhere(self) -> bool:
        """Whether no field is to blame, so that the summary takes the cursor."""
        return not any(field.first for field in flat(self.fields))


class Pages:
    """Renders templates of one folder."""

    def __init__(self, folder: Path, assets: Assets | None = None) -> None:
        """Templates are compiled when first used; `assets` is the browser code that they can load."""
        self._assets = assets or Assets([])
        self.templates = Environment(
            loader=ChoiceLoader([FileSystemLoader(folder), FileSystemLoader(OWN_TEMPLATES)]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=COMPILED,
        )
        self.templates.globals["assets"] = self._load

    def render(self, page: Html, form: FormState, language: str, *, root: str = "") -> bytes:
        """The page; its templates see its values, `form`, `language`, and the `root` that its paths stand under."""
        form.drawer = partial(self._draw_form, language)
        return self.draw(page.template, {**page.values, "form": form, "language": language, "root": root})

    def _draw_form(self, language: str, drawn: Drawn) -> str:
        """A form, whole."""
        macros = self.templates.get_template(FORM).make_module({"language": language})
        return str(cast("Any", macros).whole(drawn))

    def draw(self, template: str, values: Mapping[str, object]) -> bytes:
        """A page that has no form."""
        return self.templates.get_template(template).render(values).encode()

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
