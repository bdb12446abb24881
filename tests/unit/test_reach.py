"""Which addresses may be called that somebody else has given: every spelling of an inner one is refused."""

from ipaddress import ip_network

import pytest

from portico.core.reach import Reach

REACH = Reach()
INSIDE = """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.1.2.3 168.63.129.16 169.254.169.254 172.16.0.1
    192.0.0.8 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1
    240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::8.8.8.8 64:ff9b:1::1 100::1
    2001::1 2001:0:7f00:1:: 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1
    fec0::1 ff02::1 ff0e::1 4000::1
"""
OUTSIDE = "1.1.1.1 8.8.8.8 93.184.216.34 2606:4700:4700::1111 2a00:1450:4001:82a::200e"
SPELLINGS = """
    127.1 127.0.1 2130706433 017700000001 0x7f000001 0x7f.1 0177.0.0.1 0x7f.0x0.0x0.0x1 127.0.0.01 1.2.3 1.2.3.4.5
    256.1.1.1 127.0.0.1. 0 00 0x 09.1.1.1 foo.1 foo.0x1 1.1.1.1%2525
    localhost intranet a..b -a.example a-.example .example.com
    exa%6dple.com
"""
OTHERS = """
    http://example.com ftp://example.com file:///etc/passwd //example.com example.com https:///hook https:example.com
    https://user@example.com https://user:pass@example.com https://@example.com https://example.com@127.0.0.1
    https://example.com#fragment https://example.com# https://example.com:22 https://example.com:99999
    https://example.com:x https://example.com:443@127.0.0.1 https://[::1 https://[::1]x https://[127.0.0.1] https://[v1.a]
    https://[fe80::1%25eth0] https://example.com\\@127.0.0.1 https:\\\\example.com javascript:alert(1)
"""


@pytest.mark.parametrize("address", INSIDE.split())
def test_an_inner_address_is_refused(address: str) -> None:
    """As what a name leads to, and as it stands in an address."""
    host = f"[{address}]" if ":" in address else address

    assert not REACH.admits(address)
    with pytest.raises(ValueError, match="not one of the public internet"):
        REACH.read(f"https://{host}/hook")


@pytest.mark.parametrize("address", OUTSIDE.split())
def test_a_public_address_is_admitted(address: str) -> None:
    """Both as what a name leads to, and as it stands in an address."""
    host = f"[{address}]" if ":" in address else address

    assert REACH.admits(address)
    assert REACH.read(f"https://{host}/hook").host == address


@pytest.mark.parametrize("host", SPELLINGS.split())
def test_a_host_is_a_name_or_four_plain_numbers(host: str) -> None:
    """What resolvers would take for an address, and no reader would."""
    with pytest.raises(ValueError, match=r"Please write|not one of the public"):
        REACH.read(f"https://{host}/hook")


@pytest.mark.parametrize(
    "url", ["https://１２７.0.0.1/", "https://exämple.com", "https://a.com/ b", "https://a.com/\n", ""]
)
def test_an_address_is_plain_ascii(url: str) -> None:
    """Full-width digits become plain ones only after somebody has judged them."""
    with pytest.raises(ValueError, match="ASCII"):
        REACH.read(url)


@pytest.mark.parametrize("url", OTHERS.split())
def test_what_else_an_address_can_hide_is_refused(url: str) -> None:
    """Other schemes, credentials, fragments, ports, and what two readers would read differently."""
    with pytest.raises(ValueError, match=r"Please write|must be"):
        REACH.read(url)


def test_an_address_is_taken_apart_once() -> None:
    """What is judged is what is asked."""
    assert REACH.read("https://Hooks.Example.com/a/b?c=d&e") == ("https", "hooks.example.com", 443, "/a/b?c=d&e")
    assert REACH.read("https://example.com").target == "/"
    assert REACH.read("https://example.com?q=1").target == "/?q=1"
    assert Reach(ports=frozenset({443, 8443})).read("https://example.com:8443/").port == 8443


def test_public_networks_of_ones_own_can_be_closed() -> None:
    """By name, or by number."""
    reach = Reach(denied=(ip_network("93.184.216.0/24"),))

    assert not reach.admits("93.184.216.34")
    assert reach.admits("93.184.217.34")
    assert reach.admits("2606:4700:4700::1111")
    with pytest.raises(ValueError, match="not one of the public internet"):
        reach.read("https://93.184.216.34")


def test_development_may_reach_this_machine() -> None:
    """With the switch that says so, and still no address that is none."""
    reach = Reach(private=True)

    assert reach.read("http://127.0.0.1:8001/hook") == ("http", "127.0.0.1", 8001, "/hook")
    assert reach.read("http://localhost:8001").host == "localhost"
    assert reach.admits("127.0.0.1")
    with pytest.raises(ValueError, match="Please write"):
        reach.read("http://0x7f000001")
