"""The office, assembled: an application small enough to know by heart."""

from pathlib import Path

from portico import App
from portico.modules import audit, identity, organizations
from tests.integration.office.kept import kept
from tests.integration.office.nested import nested
from tests.integration.office.pages import pages
from tests.integration.office.papers import papers
from tests.integration.office.queue import queue
from tests.integration.office.samples import samples
from tests.integration.office.shelf import shelf
from tests.integration.office.tables import metadata

HERE = Path(__file__).parent
ROLES = {
    "member": ("papers:read", "papers:write", "organizations:read"),
    "editor": ("papers:*", "desk:sit"),
    "guest": (),
}
app = App(
    "office",
    modules=[identity, organizations, audit, papers, samples, nested, pages, kept, queue, shelf],
    roles=ROLES,
    migrations=HERE / "migrations",
    metadata=metadata,
    templates=HERE / "templates",
    static=HERE / "static",
    sign_in="/sign-in",
    confirm="/again",
)
