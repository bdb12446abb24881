"""GraphiQL's page: documents written, completed and run in the browser. Nothing of it is inline."""

from html import escape

ENTRY = "graphiql"
"""The browser code that draws it."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Its own content security policy: the application's own files and answers, and what its style sheet holds."""
HEAD = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<link rel="icon" href="data:,">'
)
NOT_BUILT = (
    "The code of this page is not built. In a checkout of Portico run <code>make web</code> and start again; "
    "documents are taken all the same, by POST."
)


def page(name: str, tags: str) -> str:
    """The page; `tags` load its code."""
    below = "<noscript><p>This page needs JavaScript.</p></noscript>" if tags else f"<p>{NOT_BUILT}</p>"
    return f'{HEAD}<title>{escape(name)}: GraphQL</title>{tags}<main id="graphiql">{below}</main></html>'
