"""What one request says, read no further than needed."""

from collections.abc import Sequence
from hashlib import sha256
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import pytest

from portico import CrossSite, Invalid, TooLarge
from portico.core.principal import Request
from portico.transports.asgi import AsgiWire, Message
from portico.transports.csrf import Tokened, check_form, check_origin, form_token
from portico.transports.line import Disconnected
from portico.transports.wire import Wire

pytestmark = pytest.mark.anyio
PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))
ORG = "018f0000-0000-7000-8000-000000000001"


def wire(*messages: Message, **scope: Any) -> Wire:
    """A request whose body comes in those messages; header names with `_` for `-`."""
    waiting = list(messages)

    async def receive() -> Message:
        return waiting.pop(0)

    headers = scope.pop("headers", {})
    pairs = headers if isinstance(headers, list) else [(n.replace("_", "-"), v) for n, v in headers.items()]
    full = {"method": "POST", "path": "/x", "query_string": b"", "client": ("192.0.2.1", 4000), **scope}
    full["headers"] = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in pairs]

    async def send(message: Message) -> None:
        raise AssertionError(message)

    return AsgiWire(full, receive, send)


def request_of(found: Wire, proxies: Sequence[Any] = ()) -> Request:
    """The request as actions see it."""
    return found.request(lambda: "made", "de", proxies)


def part(body: bytes, *, more: bool = False) -> Message:
    """A piece of a body."""
    return {"type": "http.request", "body": body, "more_body": more}


# -- headers and addresses ---------------------------------------------------------------------------------------------
def test_header_names_have_no_case_and_repeated_ones_are_joined() -> None:
    """By commas; cookies by semicolons, as HTTP/2 splits them."""
    found = wire(headers=[("X-A", "1"), ("x-a", "2"), ("Cookie", "a=1"), ("cookie", "b=2")])

    assert found.headers["x-a"] == "1, 2"
    assert found.cookies == {"a": "1", "b": "2"}


@pytest.mark.parametrize("odd", ["a/b=c", 'prefs={"a": 1}', "a b", "=x", "path=/", "\xff\x01=1", ";;", '"'])
def test_an_odd_cookie_hides_no_other(odd: str) -> None:
    """Another application of the same host may write what it likes."""
    for header in (f"{odd}; __Host-session=t", f"__Host-session=t; {odd}"):
        assert wire(headers={"cookie": header}).credential() == hashed("t")
    assert wire(headers={"cookie": odd}).credential() is None


@pytest.mark.parametrize(
    ("peer", "forwarded", "ip"),
    [
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "junk", "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4, junk", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("2001:db8::1", "2001:db8:ffff::5, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7:5678", "198.51.100.7"),
        ("10.0.0.1", "[2001:db9::1]:5678, 10.0.0.2:80", "2001:db9::1"),
        ("10.0.0.1", "[2001:DB9::1]", "2001:db9::1"),
        ("10.0.0.1", "::ffff:198.51.100.7, ::ffff:10.0.0.2", "198.51.100.7"),
        ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7:x:y", "10.0.0.1"),
        ("10.0.0.1", "fe80::1%eth0", "fe80::1"),
        ("unix", "198.51.100.7", "unix"),
    ],
)
def test_a_forwarded_address_is_believed_of_trusted_proxies_alone(peer: str, forwarded: str, ip: str) -> None:
    """From right to left past those that are trusted: whatever a client writes itself stands further left."""
    found = request_of(wire(client=(peer, 1), headers={"x_forwarded_for": forwarded}), PROXIES)

    assert found.ip in {ip, None if peer == "unix" else ip}


def test_without_trusted_proxies_the_peer_is_the_client() -> None:
    """A forged header changes nothing; a socket without a peer has no address."""
    assert request_of(wire(headers={"x_forwarded_for": "198.51.100.7"})).ip == "192.0.2.1"
    assert request_of(wire(client=None)).ip is None


@pytest.mark.parametrize(
    ("peer", "ip"), [("fe80::1%eth0", "fe80::1"), ("::ffff:192.0.2.9", "192.0.2.9"), ("unix:/run/app", None)]
)
def test_a_peer_is_one_address_however_its_socket_writes_it(peer: str, ip: str | None) -> None:
    """The zone of a link and IPv4 within IPv6 are of the socket, not of the client."""
    assert request_of(wire(client=(peer, 1))).ip == ip


def test_the_path_is_read_below_where_the_application_is_mounted() -> None:
    """A host's prefix is not the application's."""
    assert wire(path="/portico/things", root_path="/portico").path == "/things"
    assert wire(path="/portico", root_path="/portico").path == "/"


# -- who calls ---------------------------------------------------------------------------------------------------------
def hashed(token: str) -> bytes:
    """What is kept of a token."""
    return sha256(token.encode()).digest()


@pytest.mark.parametrize(
    ("headers", "credential"),
    [
        ({}, None),
        ({"authorization": "Bearer t"}, hashed("t")),
        ({"authorization": "bearer  t "}, hashed("t")),
        ({"cookie": "__Host-session=t"}, hashed("t")),
        ({"cookie": "__Host-session="}, None),
        ({"cookie": "session=t"}, None),
        ({"authorization": "junk", "cookie": "__Host-session=t"}, hashed("")),
        ({"authorization": "", "cookie": "__Host-session=t"}, hashed("")),
        ({"authorization": "Basic dDp0", "cookie": "__Host-session=t"}, hashed("")),
        ({"authorization": "Bearer other", "cookie": "__Host-session=t"}, hashed("other")),
    ],
)
def test_an_authorization_header_makes_the_cookie_ignored(headers: dict[str, str], credential: bytes | None) -> None:
    """Even a junk one: it must not be a way around the checks that a cookie needs."""
    assert wire(headers=headers).credential() == credential


def test_the_organization_is_named_by_a_header() -> None:
    """One that names none is kept back as a finding until the caller is known."""
    good, none, bad = (wire(headers=h).org() for h in ({"x-org-id": ORG}, {}, {"x-org-id": "alpha"}))

    assert good == (UUID(ORG), None)
    assert none == (None, None)
    assert bad[0] is None
    assert isinstance(bad[1], Invalid)
    assert set(bad[1].errors or {}) == {"X-Org-Id"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-DEF_1.2", True), ("short", False), ("x" * 129, False), ("has space in", False), ("a\tb\tc\td\te", False)],
)
def test_a_client_s_request_id_is_kept_where_it_is_a_plain_word(given: str, *, kept: bool) -> None:
    """Nothing that could break a log line, and nothing endless."""
    request = request_of(wire(headers={"x_request_id": given}))

    assert request.id == (given if kept else "made")
    assert (request.ip, request.locale) == ("192.0.2.1", "de")


# -- query string and body ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "members"),
    [
        (b"", {}),
        (b"a=1&b=x%20y+z", {"a": "1", "b": "x y z"}),
        (b"a=1&a=2&a=3", {"a": ["1", "2", "3"]}),
        (b"a=&b", {}),
        (b"a=%C3%A4", {"a": "\u00e4"}),
    ],
)
def test_a_query_string_is_an_object(text: bytes, members: dict[str, object]) -> None:
    """A repeated name is a list, an empty one is not there."""
    assert wire(query_string=text).query() == members


def test_a_query_string_of_hundreds_of_names_is_refused() -> None:
    """No action takes so many; it is no failure of ours."""
    assert len(wire(query_string=b"&".join(b"a%d=1" % n for n in range(200))).query()) == 200
    with pytest.raises(TooLarge):
        wire(query_string=b"&".join(b"a%d=1" % n for n in range(201))).query()


async def test_a_body_is_put_together_from_its_pieces() -> None:
    """However the server cuts it."""
    assert await wire(part(b"ab")).body(100) == b"ab"
    assert await wire(part(b"a", more=True), part(b"", more=True), part(b"b")).body(100) == b"ab"


@pytest.mark.parametrize("messages", [[part(b"x" * 101)], [part(b"x" * 60, more=True)] * 5])
async def test_a_body_past_the_limit_is_read_no_further(messages: list[Message]) -> None:
    """Whatever its length header said."""
    with pytest.raises(TooLarge):
        await wire(*messages).body(100)


async def test_a_client_that_leaves_amid_its_body_is_gone() -> None:
    """Half a body is none."""
    for messages in ([part(b"a", more=True)], []):
        with pytest.raises(Disconnected):
            await wire(*messages, {"type": "http.disconnect"}).body(100)


@pytest.mark.parametrize(
    ("length", "passes"),
    [("100", True), ("101", False), ("9" * 30, False), ("x", True), ("\xb2", True)],
)
def test_a_body_that_says_it_is_too_large_is_refused_unread(length: str, *, passes: bool) -> None:
    """A header that is no number says nothing."""
    request = wire(headers={"content_length": length})

    if passes:
        request.check_size(100)
    else:
        with pytest.raises(TooLarge):
            request.check_size(100)


# -- requests that another site made a browser send --------------------------------------------------------------------
COOKIE = "__Host-session=t"
FORM = "application/x-www-form-urlencoded; charset=utf-8"


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"sec-fetch-site": "same-origin", "cookie": COOKIE}, True),
        ({"sec-fetch-site": "none", "cookie": COOKIE}, True),
        ({"sec-fetch-site": "same-site", "cookie": COOKIE}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://app.example"}, True),
        ({"sec-fetch-site": "cross-site", "authorization": "Bearer x"}, True),
        ({"sec-fetch-site": "cross-site", "authorization": "Basic dDp0"}, False),
        ({"sec-fetch-site": "cross-site", "authorization": "junk"}, False),
        ({"sec-fetch-site": "cross-site", "authorization": ""}, False),
        ({"authorization": "Basic dDp0", "cookie": COOKIE}, True),
        ({"origin": "https://host.example", "host": "host.example"}, True),
        ({"origin": "https://evil.example", "host": "host.example"}, False),
        ({"origin": "null", "host": "host.example"}, False),
        ({"origin": "null", "host": ""}, False),
        ({"origin": "http://[", "host": "host.example"}, False),
        ({"origin": "//host.example", "host": "host.example"}, False),
        ({"origin": "https://host.example:8443", "host": "host.example"}, False),
        ({"origin": "https://host.example#evil", "host": "host.example"}, False),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, True),
        ({}, True),
        ({"cookie": "theme=dark"}, True),
        ({"cookie": COOKIE}, False),
        ({"cookie": f"{COOKIE}; csrf-token=n", "x-csrf-token": "n"}, True),
        ({"cookie": f"{COOKIE}; csrf-token=n", "x-csrf-token": "m"}, False),
        ({"cookie": f"{COOKIE}; csrf-token="}, False),
        ({"cookie": COOKIE, "content-type": FORM}, False),
    ],
)
def test_a_request_of_another_site_is_refused(headers: dict[str, str], *, passes: bool) -> None:
    """Sec-Fetch-Site decides, else Origin; where both are missing, a cookie needs its token repeated."""
    request = wire(headers=headers)

    if passes:
        check_origin(request, ("https://app.example",))
    else:
        with pytest.raises(CrossSite):
            check_origin(request, ("https://app.example",))


def test_a_form_passes_only_to_where_its_token_is_asked_for() -> None:
    """Elsewhere its Content-Type says nothing of where it comes from; nor does it where a browser says that."""
    check_origin(wire(headers={"cookie": COOKIE, "content-type": FORM}), (), Tokened())
    for headers, endpoint in (
        ({"cookie": COOKIE, "content-type": FORM}, object()),
        ({"cookie": COOKIE, "content-type": "text/plain"}, Tokened()),
        ({"cookie": COOKIE, "content-type": FORM, "sec-fetch-site": "cross-site"}, Tokened()),
    ):
        with pytest.raises(CrossSite):
            check_origin(wire(headers=headers), (), endpoint)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_safe_request_may_come_from_anywhere(method: str) -> None:
    """It changes nothing."""
    check_origin(wire(method=method, headers={"sec-fetch-site": "cross-site", "cookie": COOKIE}), ())


def test_a_form_s_token_is_bound_to_browser_and_session() -> None:
    """Another nonce, another session, or none: no token fits."""

    def sign(message: bytes) -> bytes:
        return sha256(b"secret" + message).digest()

    mine = wire(headers={"cookie": f"{COOKIE}; csrf-token=n"})
    token = form_token(mine, sign, "n")

    check_form(mine, sign, token)
    for cookie in (f"{COOKIE}; csrf-token=m", "__Host-session=other; csrf-token=n", "csrf-token=n", COOKIE, ""):
        with pytest.raises(CrossSite):
            check_form(wire(headers={"cookie": cookie}), sign, token)
    for wrong in (None, "", "\u00e4", ["x"], token[:-1]):
        with pytest.raises(CrossSite):
            check_form(mine, sign, wrong)
