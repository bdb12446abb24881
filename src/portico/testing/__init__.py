"""What an application needs to be tested: the fixture `portico`, a client, a clock, what was left behind."""

from portico.testing.backstage import Backstage
from portico.testing.client import Client, Reply
from portico.testing.harness import Harness, open_harness
from portico.testing.people import People

__all__ = ["Backstage", "Client", "Harness", "People", "Reply", "open_harness"]
