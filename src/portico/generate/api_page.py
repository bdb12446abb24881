"""The page of the API: the document of each version, drawn and tried out in the browser. Nothing of it is inline."""

from collections.abc import Sequence
from html import escape

ENTRY = "api"
"""The browser code that draws it."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Its own content security policy: the application's own files and answers, and what its style sheet draws."""
HEAD = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<link rel="icon" href="data:,">'
)
FIELDS = (
    '<label>Organization (X-Org-Id)<input id="org" autocomplete="off" spellcheck="false"></label>'
    '<label>Idempotency-Key<input id="key" autocomplete="off" spellcheck="false" '
    'placeholder="a new one for each request"></label>'
)
NOT_BUILT = (
    "The code of this page is not built. In a checkout of Portico run <code>make web</code> and start again; "
    "the documents above are whole without it."
)
NO_SCRIPT = "This page needs JavaScript; the documents above are whole without it."


def page(name: str, versions: Sequence[str], *, first: str, tags: str) -> str:
    """The page, which shows the version `first` unless its address says another; `tags` load its code.

    All its links are relative, so that it works wherever the application is mounted.
    """
    links = "".join(_link(version, first=first) for version in versions)
    code, below = (tags, f"<noscript><p>{NO_SCRIPT}</p></noscript>") if tags else ("", f"<p>{NOT_BUILT}</p>")
    return (
        f'{HEAD}<title>{escape(name)}: API</title>{code}<header class="top"><h1>{escape(name)}: API</h1>'
        f'<nav aria-label="Versions">{links}</nav><nav aria-label="More">{_documents(versions)}</nav>{FIELDS}</header>'
        f'<main id="api">{below}</main></html>'
    )


def _link(version: str, *, first: str) -> str:
    shown = ' aria-current="page"' if version == first else ""
    data = f'data-version="{version}" data-document="{version}/openapi.json"'
    return f'<a href="?version={version}" {data}{shown}>{version}</a>'


def _documents(versions: Sequence[str]) -> str:
    documents = (f'<a href="{version}/openapi.json">{version}/openapi.json</a>' for version in versions)
    return "".join([*documents, '<a href="changelog">What changed</a>'])
