"""Every link leads somewhere."""

import re
from pathlib import Path

from tests.docs.fences import FENCE, ROOT, pages

LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def test_every_internal_link_resolves() -> None:
    """A link within the project names a file that is there and, behind #, one of its headings."""
    assert [f"{page.relative_to(ROOT)}: {link}" for page in pages() for link in broken(page)] == []


def test_every_page_is_on_the_map() -> None:
    """Each page of the documentation is linked from docs/index.md."""
    index = ROOT / "docs" / "index.md"
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}

    assert [str(p.relative_to(ROOT)) for p in sorted((ROOT / "docs").rglob("*.md")) if p not in linked | {index}] == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    """A missing file and a missing heading are reported; the web is left alone."""
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](no.md) [b](#one) [c](#two) [d](https://example.com)\n", encoding="utf-8")

    assert broken(page) == ["no.md", "#two"]


def broken(page: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    return [link for link in links(page) if not leads(page, link)]


def links(page: Path) -> list[str]:
    """The links of a page within the project; code is no prose."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return [link for link in LINK.findall(text) if "://" not in link]


def leads(page: Path, link: str) -> bool:
    """Whether the file is there, and the heading."""
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or anchor in anchors(target))


def anchors(page: Path) -> set[str]:
    """The names that a page's headings can be linked by."""
    headings = HEADING.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
