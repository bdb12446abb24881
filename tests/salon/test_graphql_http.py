"""GraphQL over HTTP, as the specification has it; what is refused, and by which status."""

import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pydantic_core import to_json

from portico import Misconfigured
from portico.testing import Harness, open_harness
from tests.promises.business import Business, open_business
from tests.promises.proxy import proxy_before

pytestmark = pytest.mark.anyio
PATH = "/api/graphql"
JSON, RESPONSE = "application/json", "application/graphql-response+json"
ME = "{ me { email } }"
LIST = "{ a: customers { nodes { name } } b: services { nodes { name } } c: staff { nodes { name } } me { email } }"
WRONG = "{ nothing }"
CREATE = "mutation ($name: String!) { customersCreate(input: {name: $name}) { id name } }"


@pytest.fixture
async def business(portico: Harness) -> Business:
    """A business."""
    return await open_business(portico, "Wave")


@pytest.mark.parametrize(
    ("accept", "document", "status", "answered"),
    [
        ("", ME, 200, JSON),
        ("*/*", ME, 200, JSON),
        (JSON, ME, 200, JSON),
        (RESPONSE, ME, 200, RESPONSE),
        (f"{RESPONSE}, {JSON};q=0.9", ME, 200, RESPONSE),
        (f"{RESPONSE};q=0.5, {JSON}", ME, 200, JSON),
        (f"text/html, {RESPONSE}", ME, 200, RESPONSE),
        ("application/*", ME, 200, JSON),
        ("text/html", ME, 406, JSON),
        (f"{JSON};q=0", ME, 406, JSON),
        (f"{JSON};q=0, */*", ME, 200, RESPONSE),
        (f"*/*;q=0.1, {JSON};q=0.05", ME, 200, RESPONSE),
        (f"Application/JSON;Q=0.5, {RESPONSE};q=0", ME, 200, JSON),
        ("*/*;q=0", ME, 406, JSON),
        ("", WRONG, 200, JSON),
        (JSON, WRONG, 200, JSON),
        (RESPONSE, WRONG, 400, RESPONSE),
        (JSON, "{", 200, JSON),
        (RESPONSE, "{", 400, RESPONSE),
        (RESPONSE, "query ($a: Int!) { customers(first: $a) { totalCount } }", 400, RESPONSE),
        (JSON, "query ($a: Int!) { customers(first: $a) { totalCount } }", 200, JSON),
    ],
)
async def test_the_answer_has_the_media_type_that_is_wanted(
    business: Business, *, accept: str, document: str, status: int, answered: str
) -> None:
    """A wrong document is 400 for who knows the new type, 200 for the others; neither has data."""
    headers = {"accept": accept} if accept else {}

    reply = await business.client.post(PATH, {"query": document}, headers=headers)

    assert (reply.status, reply.headers["content-type"]) == (status, f"{answered}; charset=utf-8")
    assert ("data" in reply.json) == (document == ME and status == 200)
    assert "accept" in reply.headers["vary"].lower()


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", JSON, 400),
        (b'{"query": "{ __typename }", "variables": {"a": NaN}}', JSON, 400),
        (b"", JSON, 400),
        (b"[]", JSON, 400),
        (b'[{"query": "{ __typename }"}]', JSON, 400),
        (b'"text"', JSON, 400),
        (b"{}", JSON, 400),
        (b'{"query": 1}', JSON, 400),
        (b'{"query": "{ __typename }", "variables": []}', JSON, 400),
        (b'{"query": "{ __typename }", "variables": "x"}', JSON, 400),
        (b'{"query": "{ __typename }", "operationName": 1}', JSON, 400),
        (b'{"query": "{ __typename }", "extensions": 1}', JSON, 400),
        (b'{"query": "{ __typename }"}', "text/plain", 415),
        (b'{"query": "{ __typename }"}', "application/x-www-form-urlencoded", 415),
        (b'{"query": "{ __typename }"}', "application/json; charset=latin-1", 415),
        (b'{"query": "{ __typename }"}', "application/json; charset=utf-8", 200),
        (b'{"query": "{ __typename }", "variables": null}', JSON, 200),
    ],
)
async def test_what_is_no_well_formed_request_is_refused(
    portico: Harness, *, body: bytes, content_type: str, status: int
) -> None:
    """By its status, whatever it accepts; a browser's form is none."""
    headers = {"content-type": content_type}

    reply = await portico.client().send("POST", PATH, content=body, headers=headers)

    assert reply.status == status, reply.text
    assert ("errors" in reply.json) == (status != 200)


async def test_get_reads_and_never_writes(business: Business) -> None:
    """A link, an image or another site's page can make nobody's browser write."""
    read = await business.client.get(f"{PATH}?{urlencode({'query': ME})}")
    wrote = await business.client.get(
        f"{PATH}?{urlencode({'query': CREATE, 'variables': to_json({'name': 'Eve'}).decode()})}"
    )
    listed = await business.client.post(PATH, {"query": "{ customers { nodes { name } } }"})

    assert read.json == {"data": {"me": {"email": business.owner.email}}}
    assert (wrote.status, wrote.headers["allow"]) == (405, "POST")
    assert "Eve" not in listed.text


async def test_variables_of_a_link_are_json(business: Business) -> None:
    """Others are refused; what is left empty was not sent."""
    document = "query ($n: Int) { customers(first: $n) { totalCount } }"

    right, left_empty, wrong = [
        await business.client.get(f"{PATH}?{urlencode({'query': document, 'variables': given, 'operationName': ''})}")
        for given in ('{"n": 1}', "", "{n")
    ]

    assert right.json == left_empty.json == {"data": {"customers": {"totalCount": 1}}}
    assert wrong.status == 400


async def test_nobody_is_unauthenticated_and_a_stranger_forbidden(portico: Harness, business: Business) -> None:
    """As the field's error says; REST answers 401 and 403."""
    document = {"query": "{ customers { totalCount } }"}
    stranger = await portico.member("stranger@example.com")

    nobody = await portico.client().post(PATH, document)
    elsewhere = await portico.client(stranger, org=business.org.id).post(PATH, document)

    for reply, code, status in ((nobody, "UNAUTHENTICATED", 401), (elsewhere, "FORBIDDEN", 403)):
        assert reply.json["data"] == {"customers": None}
        assert reply.json["errors"][0]["path"] == ["customers"]
        assert (reply.json["errors"][0]["extensions"]["code"], reply.status) == (code, 200)
        assert reply.json["errors"][0]["extensions"]["status"] == status


@pytest.mark.parametrize(("accept", "status"), [(RESPONSE, 294), (JSON, 200), ("", 200)])
async def test_what_is_done_in_part_says_so_to_who_knows_the_media_type(
    portico: Harness, *, accept: str, status: int
) -> None:
    """So that statuses tell who watches them what went wrong; others are told 200, and the errors."""
    reply = await portico.client().post(PATH, {"query": ME}, headers={"accept": accept} if accept else {})

    assert (reply.status, reply.json["data"]) == (status, {"me": None})
    assert reply.json["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_one_refusal_leaves_the_others_data(portico: Harness, business: Business) -> None:
    """A root field may be null."""
    clerk = await portico.member("clerk@example.com", org=business.org.id, role="member")
    document = "{ me { email } users { totalCount } customers { totalCount } }"

    reply = await portico.client(clerk, org=business.org.id).post(PATH, {"query": document})

    assert reply.json["data"] == {"me": {"email": "clerk@example.com"}, "users": None, "customers": {"totalCount": 1}}
    assert [error["path"] for error in reply.json["errors"]] == [["users"]]


async def test_what_is_wrong_with_an_input_is_told_by_member(business: Business) -> None:
    """The codes that REST gives, and never the value."""
    reply = await business.client.post(PATH, {"query": CREATE, "variables": {"name": ""}})

    rest = await business.client.post("/api/v1/customers", {"name": ""})

    error = reply.json["errors"][0]
    assert error["extensions"]["code"] == rest.json["code"] == "VALIDATION_ERROR"
    assert error["extensions"]["errors"] == rest.json["errors"] != {}
    assert error["extensions"]["request_id"] == reply.headers["x-request-id"]


@pytest.mark.parametrize(
    ("document", "code", "message"),
    [
        ("query ($n: Int!) { me { email } }", "GRAPHQL_VALIDATION_FAILED", "Variable '$n' is never used."),
        ("query ($n: Int!) { customers(first: $n) { totalCount } }", "BAD_USER_INPUT", "$n has no value."),
    ],
)
async def test_variables_that_no_value_is_wrong_of_are_told_as_they_are(
    business: Business, *, document: str, code: str, message: str
) -> None:
    """One that nothing uses, and one that nobody has sent."""
    error = (await business.client.post(PATH, {"query": document})).json["errors"][0]

    assert (error["extensions"]["code"], error["message"]) == (code, message)


async def test_variables_of_a_wrong_type_are_refused_without_being_repeated(business: Business) -> None:
    """Nothing has run, and the value stays with who sent it."""
    reply = await business.client.post(PATH, {"query": CREATE, "variables": {"name": {"secret": "s3cret"}}})

    assert reply.json == {
        "errors": [
            {
                "message": "The value of $name is not of its type.",
                "locations": [{"line": 1, "column": 11}],
                "extensions": {"code": "BAD_USER_INPUT"},
            }
        ]
    }


async def test_mutations_run_one_after_another_each_by_itself(business: Business) -> None:
    """What the first has done stays done where the second is refused, and the third sees it."""
    document = """
        mutation {
          a: customersCreate(input: {name: "Ada"}) { name }
          b: customersCreate(input: {name: ""}) { name }
          c: customersCreate(input: {name: "Cy"}) { name }
        }
    """

    reply = await business.client.post(PATH, {"query": document})
    listed = await business.client.post(PATH, {"query": "{ customers { nodes { name } } }"})

    assert reply.json["data"] == {"a": {"name": "Ada"}, "b": None, "c": {"name": "Cy"}}
    assert [row["name"] for row in listed.json["data"]["customers"]["nodes"]] == ["Ada", "Cy", "Wave customer"]
    assert reply.headers["invalidates"] == "customers, customers"


async def test_only_documents_of_the_list_are_taken(portico: Harness, tmp_path: Path) -> None:
    """By their hash alone, too."""
    known = "{ __typename }"
    digest = sha256(known.encode()).hexdigest()
    file = tmp_path / "documents.json"
    file.write_bytes(to_json({digest: known}))
    persisted = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}}

    async with open_harness(portico.app, portico.urls, portico_graphql_documents=file) as closed:
        client = closed.client()
        by_text = await client.post(PATH, {"query": known})
        by_hash = await client.post(PATH, persisted)
        other = await client.post(PATH, {"query": "{ x: __typename }"})

    assert by_text.json == by_hash.json == {"data": {"__typename": "Query"}}
    assert other.json["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot be read: No such file or directory."),
        ("[]", "is no JSON object of documents by their SHA-256."),
        ('{"a1": "{ __typename }"}', "a1 is not the SHA-256 of its document in"),
    ],
)
async def test_a_list_of_documents_that_is_none_stops_the_start(
    portico: Harness, tmp_path: Path, *, text: str | None, said: str
) -> None:
    """With what is wrong with the file."""
    file = tmp_path / "documents.json"
    if text is not None:
        file.write_text(text)

    with pytest.raises(Misconfigured, match=re.escape(said)):
        async with open_harness(portico.app, portico.urls, portico_graphql_documents=file):
            raise AssertionError("it has started")


BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def test_a_browser_is_shown_a_page_where_the_schema_may_be_looked_at(portico: Harness) -> None:
    """By GET and with nothing asked; elsewhere there is none, and a program never meets it."""
    async with open_harness(portico.app, portico.urls, portico_graphql_explore=True) as exploring:
        client = exploring.client()
        shown = await client.get(PATH, BROWSER)
        asked = await client.get(f"{PATH}?{urlencode({'query': '{ __typename }'})}", BROWSER)
        program = await client.get(PATH, {"accept": JSON})
    async with open_harness(portico.app, portico.urls) as closed:
        hidden = await closed.client().get(PATH, BROWSER)

    assert (shown.status, shown.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert shown.headers["content-security-policy"].startswith(
        "default-src 'none'; script-src 'self'; style-src 'self';"
    )
    assert shown.headers["vary"] == "accept"
    assert asked.json == {"data": {"__typename": "Query"}}
    assert (program.status, hidden.status) == (400, 400)


async def test_fields_share_one_gate_and_one_transaction(portico: Harness, business: Business) -> None:
    """BEGIN READ ONLY, the gate, each field's own statements, ROLLBACK: and a nested list one statement a level."""
    for number in range(3):
        customer = await business.create("customers", name=f"Customer {number}")
        await business.book(f"k{number}", business.visit(customer_id=customer))
    nested = "{ appointments(first: 50) { nodes { customer { name upcoming { id } } } } }"

    async with (
        proxy_before(portico.urls.app) as proxy,
        open_harness(portico.app, replace(portico.urls, app=proxy.url), database_connections=1),
    ):
        client = business.client
        for document in (LIST, nested):
            await client.post(PATH, {"query": document})
        sent = []
        for document in (LIST, nested):
            proxy.sent.clear()
            assert "errors" not in (await client.post(PATH, {"query": document})).json
            sent.append([statement for statement in proxy.sent if not statement.startswith("update portico.")])

    for statements in sent:
        assert statements[0] == "begin read only"
        assert statements.count("begin read only") == 1
        assert statements[-1] == "rollback"
    assert len(sent[1]) == len(("begin", "gate", "list", "customers", "their appointments", "rollback")), sent[1]


async def test_an_answer_tells_what_is_left_of_the_limits_of_all_its_fields(portico: Harness) -> None:
    """Each limit once, as the last field has left it; one customer comes with the business."""
    async with open_harness(portico.app, portico.urls, portico_rate_limits={"writes": "4/m"}) as strict:
        await strict.empty()
        client = (await open_business(strict, "Wave")).client
        create = "customersCreate(input: {name: $name}) { id }"
        two = f"mutation ($name: String!) {{ a: {create} b: {create} }}"
        reply = await client.post(PATH, {"query": two, "variables": {"name": "Ada"}})
        read = await client.post(PATH, {"query": LIST})

    assert reply.headers["ratelimit-policy"] == '"app";q=100;w=60, "customers.create";q=4;w=60'
    assert reply.headers["x-ratelimit-remaining"] == "1"
    assert '"customers.create";r=1;t=' in reply.headers["ratelimit"]
    assert read.headers["ratelimit-policy"].count('"app"') == 1
