"""The office, assembled: an application small enough to know by heart."""

from pathlib import Path

from portico import App
from portico.modules import audit, experiments, flags, identity, organizations, usage
from tests.integration.office.archive import archive, quotas
from tests.integration.office.exports import exports
from tests.integration.office.kept import kept
from tests.integration.office.nested import nested
from tests.integration.office.pages import pages
from tests.integration.office.papers import papers
from tests.integration.office.queue import queue
from tests.integration.office.rollouts import EXPERIMENTS, SWITCHES, rollouts
from tests.integration.office.samples import samples
from tests.integration.office.shelf import shelf
from tests.integration.office.tables import metadata

HERE = Path(__file__).parent
ROLES = {
    "member": ("papers:read", "papers:write", "organizations:read"),
    "editor": ("papers:*", "desk:sit"),
    "guest": (),
}
BUILT_IN = (identity, organizations, audit, usage, flags, experiments)
app = App(
    "office",
    modules=[*BUILT_IN, papers, samples, nested, archive, rollouts, pages, kept, queue, shelf, exports],
    roles=ROLES,
    migrations=HERE / "migrations",
    metadata=metadata,
    templates=HERE / "templates",
    static=HERE / "static",
    sign_in="/sign-in",
    confirm="/again",
    quotas=quotas,
    flags=SWITCHES,
    experiments=EXPERIMENTS,
)
