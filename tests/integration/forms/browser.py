"""A browser without JavaScript: it follows forms as they stand on the page."""

import re
from dataclasses import dataclass, field
from html import unescape

from portico.testing import Client, Reply

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
VALUE = re.compile(r'<input name="(\w+)"[^>]* value="([^"]*)"')
NOTE = re.compile(r'id="([\w-]+)">([^<]+)<')


@dataclass
class Browser:
    """One visitor: a client that keeps its cookies, and the page in front of it."""

    client: Client
    page: Reply = field(init=False)

    async def open(self, path: str) -> "Browser":
        """Look at a page."""
        self.page = await self.client.get(path)
        return self

    async def submit(self, path: str, **fields: object) -> Reply:
        """Send the form of the page, with what was entered."""
        self.page = await self.client.submit(path, {**self.hidden(), **fields})
        return self.page

    def hidden(self) -> dict[str, str]:
        """The hidden members of the page's form."""
        return {name: unescape(value) for name, value in HIDDEN.findall(self.page.text)}

    def values(self) -> dict[str, str]:
        """What stands in the fields."""
        return dict(VALUE.findall(self.page.text))

    def notes(self) -> dict[str, str]:
        """What is said beside the fields, and above them."""
        return dict(NOTE.findall(self.page.text))
