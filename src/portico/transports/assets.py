"""Browser code that is built beforehand: by an entry's name, the tags that load it."""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from markupsafe import Markup

OWN = Path(__file__).parent.parent / "assets"
"""Where `make web` writes Portico's own, and where the wheel has it."""
OWN_PATH = "/_portico"
APP_FOLDER = "built"
"""The folder within an application's `static` that its build writes."""
APP_PATH = f"/static/{APP_FOLDER}"
MANIFEST = ".vite/manifest.json"
FOREVER = "public, max-age=31536000, immutable"
"""A file's name has the hash of its content: what a name stands for never changes."""
STYLE = Markup('<link rel="stylesheet" href="{root}FILE">')
PRELOAD = Markup('<link rel="modulepreload" href="{root}FILE">')
SCRIPT = Markup('<script type="module" src="{root}FILE"></script>')
Chunk: TypeAlias = Mapping[str, object]
Chunks: TypeAlias = Mapping[str, Chunk]
log = logging.getLogger("portico")


class Built(NamedTuple):
    """What one build has written: its folder, and the path that serves it."""

    folder: Path
    path: str


OWN_BUILT = Built(OWN, OWN_PATH)
UP = ".."
"""The root, seen from a page one step beneath it: such a page is the same wherever the application is mounted."""


class Assets:
    """Finds what was built by name; an application's entries come before Portico's of the same name."""

    def __init__(self, places: Sequence[Built]) -> None:
        """Read the manifests of the folders that there are."""
        self._entries: dict[str, tuple[Markup, ...]] = {}
        for place in reversed(places):
            self._entries.update(_read(place))

    def tags(self, entry: str, root: str = "") -> Markup:
        """The tags that load an entry, for an application mounted at `root`.

        None, and a line in the log, where it is not built: pages work without it.
        """
        found = self._entries.get(entry)
        if found is None:
            log.warning("no browser code named %r is built, so pages do without it; run: make web", entry)
            found = self._entries[entry] = ()
        return Markup("\n").join(tag.format(root=root) for tag in found)


def _read(place: Built) -> Iterator[tuple[str, tuple[Markup, ...]]]:
    manifest = place.folder / MANIFEST
    if not manifest.is_file():
        return
    chunks: Chunks = json.loads(manifest.read_text("utf-8"))
    for chunk in chunks.values():
        if chunk.get("isEntry"):
            yield str(chunk["name"]), tuple(_tags(chunk, chunks, path=place.path))


def _tags(entry: Chunk, chunks: Chunks, *, path: str) -> Iterator[Markup]:
    """Style sheets first, for they hold up the first paint; then the code, with all that it imports at once."""
    needed = list(_needed(entry, chunks, set()))
    for style in dict.fromkeys(name for chunk in needed for name in _list(chunk, "css")):
        yield STYLE.replace("FILE", f"{path}/{style}")
    for chunk in needed[1:]:
        yield PRELOAD.replace("FILE", f"{path}/{chunk['file']}")
    yield SCRIPT.replace("FILE", f"{path}/{entry['file']}")


def _needed(chunk: Chunk, chunks: Chunks, seen: set[str]) -> Iterator[Chunk]:
    """The chunk and, once each, what it imports."""
    yield chunk
    for name in _list(chunk, "imports"):
        if name not in seen:
            seen.add(name)
            yield from _needed(chunks[name], chunks, seen)


def _list(chunk: Chunk, member: str) -> list[str]:
    found = chunk.get(member)
    return [str(name) for name in found] if isinstance(found, list) else []
