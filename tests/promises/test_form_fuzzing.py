"""Random fields in every form of the Salon, from a page that was really shown: refused or served, and never a 5xx."""

import re
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portico import External
from portico.app.routing import html_forms
from portico.core.template import FIELD
from portico.testing import Client, Harness
from salon.app import app
from tests.promises.business import Business
from tests.promises.envelope import flaw
from tests.promises.test_fuzzing import PLAIN

pytestmark = pytest.mark.anyio
ENDS_THE_SESSION = {"identity.sign_in", "identity.sign_out", "identity.sign_out_everywhere", "identity.delete_me"}
FORMS = [
    form
    for form in html_forms(app)
    if form.action.name not in ENDS_THE_SESSION
    and not any(isinstance(policy, External) for policy in app.plans[form.action.name].policies)
]
STEPS = ("", "[]", "[0]", "[1]", "[0][name]", "[name]", "[999999]", "[-1]", "[", "[0][0][0]")
"""What forms write behind a name for lists and objects, and what they do not."""
TOKEN = re.compile(r'name="_csrf" value="([^"]+)"')


@st.composite
def entries(draw: st.DrawFn) -> tuple[int, dict[str, list[str]], str]:
    """A form, what is entered into it, and the id in its path."""
    number = draw(st.integers(0, len(FORMS) - 1))
    members = [member.name for member in app.plans[FORMS[number].action.name].binder.members]
    names = st.builds(str.__add__, st.sampled_from([*members, "unknown", "next", "_key"]), st.sampled_from(STEPS))
    fields = draw(st.dictionaries(names, st.lists(PLAIN, min_size=1, max_size=3), max_size=5))
    return number, fields, draw(st.sampled_from(["customer", "service", "staff", str(uuid4()), "x"]))


@pytest.fixture
async def browser(salon: Harness, alpha: Business) -> tuple[Client, str]:
    """Somebody before a page of the business, and the token of its forms."""
    client = salon.client(alpha.owner, org=alpha.org.id)
    shown = TOKEN.search((await client.get("/appointments")).text)
    assert shown is not None
    return client, shown[1]


@settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=(HealthCheck.function_scoped_fixture, HealthCheck.too_slow),
)
@given(entered=entries())
async def test_nothing_entered_brings_the_server_down(
    alpha: Business, browser: tuple[Client, str], *, entered: tuple[int, dict[str, list[str]], str]
) -> None:
    """Lists where a text is wanted, names of members of members, NUL bytes: a page says what is wrong."""
    (client, token), (number, fields, id) = browser, entered
    path = FIELD.sub(lambda _: str(vars(alpha).get(id, id)), FORMS[number].path)

    reply = await client.submit(path, {**fields, "_csrf": token})

    assert reply.status < 500, (FORMS[number].action.name, fields, reply.text)
    assert "AUTH_CROSS_SITE" not in reply.text
    assert flaw(reply) == ""


async def test_every_form_is_among_them() -> None:
    """But for those that end the session, and those that call another service."""
    assert len(FORMS) > 20
