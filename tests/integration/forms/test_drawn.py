"""A form that is drawn from its action, sent in place or not: the same fields, the same errors, the same end."""

import re
from collections.abc import Mapping

import pytest

from portico.testing import Harness, Reply
from tests.integration.forms.browser import Browser

pytestmark = pytest.mark.anyio
GOOD = {"customer[title]": "Ada", "rows[0][title]": "One", "rows[1][title]": "Two", "rows[2][title]": "", "note": ""}
IN_PLACE = {"hx-request": "true", "hx-target": "form#pages-place-order"}


async def visit(portico: Harness) -> Browser:
    """Somebody in front of the form."""
    return await Browser(portico.client()).open("/order")


async def order(visitor: Browser, fields: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Reply:
    """Send the form as its page says."""
    return await visitor.client.submit("/order", {**visitor.hidden(), **fields}, headers)


async def test_a_form_has_a_label_and_the_limits_for_every_field(portico: Harness) -> None:
    """Nothing of the action's input is left out, and nothing has to be written twice."""
    page = (await visit(portico)).page.text

    labels = set(re.findall(r'<label for="([\w-]+)"', page))
    inputs = set(re.findall(r'<(?:input|textarea)[^>]* ?id="([\w-]+)" name="(?:customer|rows|note)', page))
    assert {"pages-place-order-customer-title", "pages-place-order-rows-0-title"} <= inputs <= labels
    assert re.search(r'name="customer\[title\]" value="" required type="text" maxlength="10" minlength="1"', page)
    assert re.search(r'name="urgent" value="true"', page)


async def test_nested_fields_arrive_as_the_action_takes_them(portico: Harness) -> None:
    """Two rows, for the third was left empty; an empty note is none."""
    reply = await order(await visit(portico), GOOD)

    assert (reply.status, reply.headers["location"]) == (303, "/order?n=2")


async def test_an_error_within_a_row_stands_beside_its_field(portico: Harness) -> None:
    """With what was entered, a summary that leads there, and the cursor on the first."""
    reply = await order(await visit(portico), {**GOOD, "rows[1][title]": "far too long", "customer[pages]": "0"})

    page = reply.text
    assert reply.status == 422
    assert 'value="far too long"' in page
    assert 'id="pages-place-order-rows-1-title-error-1"' in page
    assert '<a href="#pages-place-order-rows-1-title">Title</a>' in page
    assert re.findall(r'id="([\w-]+)"[^>]* autofocus', page) == ["pages-place-order-customer-pages"]


async def test_an_error_of_the_handler_stands_beside_its_field_too(portico: Harness) -> None:
    """Whoever finds it; a ticked box stays ticked."""
    visitor = await visit(portico)

    reply = await order(visitor, {**GOOD, "urgent": "true"})

    assert reply.status == 422
    assert 'id="pages-place-order-rows-0-pages-error-1"' in reply.text
    assert re.search(r'name="urgent" value="true" checked', reply.text)


async def test_another_form_of_the_page_says_nothing_of_it(portico: Harness) -> None:
    """Errors and values are those of the form that was sent."""
    page = (await order(await visit(portico), {"note": "x"})).text

    placed, _, other = page.partition('<form id="pages-leave"')
    assert 'role="alert"' in placed
    assert 'role="alert"' not in other


async def test_a_form_sent_in_place_is_answered_with_itself_alone(portico: Harness) -> None:
    """The same status, the same markup as on the page; a new key."""
    visitor = await visit(portico)

    reply = await order(visitor, {"note": "x"}, headers=IN_PLACE)

    assert reply.status == 422
    assert reply.text.startswith('<form id="pages-place-order"')
    assert reply.text.rstrip().endswith("</form>")
    assert reply.text.count("<form") == 1
    assert "<html" not in reply.text


async def test_a_form_sent_in_place_is_told_where_it_leads(portico: Harness) -> None:
    """A script cannot see a 303: on the same page it stays, elsewhere the browser goes there."""
    visitor = await visit(portico)

    stays = await order(visitor, GOOD, headers=IN_PLACE)
    leaves = await visitor.client.submit("/leave", visitor.hidden(), {"hx-request": "true"})

    assert (stays.status, stays.headers["hx-location"], stays.content) == (200, "/order?n=2", b"")
    assert (leaves.status, leaves.headers["hx-redirect"]) == (200, "/desk")
    assert "location" not in stays.headers


async def test_what_is_refused_as_a_whole_takes_the_whole_window(portico: Harness) -> None:
    """Not the place of the form: a stale token, for one."""
    visitor = await visit(portico)

    reply = await visitor.client.submit("/nowhere", {}, {**IN_PLACE, "accept": "text/html"})
    stale = await visitor.client.submit("/order", {"_csrf": "stale"}, IN_PLACE)

    assert (reply.status, reply.headers["hx-retarget"], reply.headers["hx-reswap"]) == (404, "body", "innerHTML")
    assert stale.status == 403


async def test_a_form_in_parts_is_taken_and_a_file_is_not(portico: Harness) -> None:
    """`multipart/form-data` holds text; a file is told on the page."""
    visitor = await visit(portico)
    head = {"content-type": "multipart/form-data; boundary=x"}
    fields = {**visitor.hidden(), **GOOD}
    text = "".join(f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items())
    file = '--x\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\n!\r\n'

    taken = await visitor.client.send("POST", "/order", content=(text + "--x--\r\n").encode(), headers=head)
    refused = await visitor.client.send("POST", "/order", content=(file + text + "--x--\r\n").encode(), headers=head)

    assert taken.status == 303
    assert (refused.status, "This form takes no files." in refused.text) == (415, True)


@pytest.mark.parametrize(
    "head", ["", 'Content-Disposition: form-data; name="a"; x*', "Content-Disposition: form-data; name*"]
)
@pytest.mark.parametrize("parameters", ["boundary=x", "boundary=x; x*"])
async def test_a_form_in_parts_that_cannot_be_read_is_told_so(portico: Harness, head: str, parameters: str) -> None:
    """Not a failure of ours, whoever sends it."""
    content = f"--x\r\n{head}\r\n\r\n1\r\n--x--".encode()
    headers = {"content-type": f"multipart/form-data; {parameters}"}

    reply = await portico.client().send("POST", "/order", content=content, headers=headers)

    assert reply.status == 422


@pytest.mark.parametrize(("fields", "status"), [({"a[": "1"}, 422), ({f"a{n}": "1" for n in range(1001)}, 413)])
async def test_a_form_beyond_its_bounds_is_told_so(portico: Harness, fields: dict[str, str], status: int) -> None:
    """On its page, with the status of the reason."""
    reply = await order(await visit(portico), fields)

    assert (reply.status, reply.headers["content-type"]) == (status, "text/html; charset=utf-8")


async def test_a_page_says_what_it_may_load(portico: Harness) -> None:
    """Nothing from elsewhere, no script in the page, no frame around it."""
    policy = (await visit(portico)).page.headers["content-security-policy"]

    assert "default-src 'self'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert (await visit(portico)).page.headers["vary"] == "HX-Request"
