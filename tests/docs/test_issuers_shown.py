"""The issuers and providers that pages show are ones that the settings take."""

import re

import pytest

from portico.adapters.oidc.issuers import read_issuers, read_providers
from tests.docs.fences import ROOT, fences

READ = {"ISSUERS": read_issuers, "PROVIDERS": read_providers}
SETTING = re.compile(r"export PORTICO_(ISSUERS|PROVIDERS)='(.+?)'", re.DOTALL)
HOW_TO = ROOT / "docs" / "how-to"
SHOWN = [
    found
    for page in ("bearer-tokens.md", "sign-in-with-oidc.md")
    for fence in fences(HOW_TO / page, "sh")
    for found in SETTING.findall(fence.text)
]


@pytest.mark.parametrize(("setting", "text"), SHOWN)
def test_a_shown_issuer_is_read(setting: str, text: str) -> None:
    """Each is whole JSON with members that there are."""
    assert len(READ[setting](text)) == 1


def test_every_kind_of_issuer_is_shown() -> None:
    """Supabase, Clerk, Auth0, any other, and a provider."""
    assert len(SHOWN) == 5
