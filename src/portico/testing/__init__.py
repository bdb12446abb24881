"""What an application needs to be tested: the fixture `portico`, a client, a clock, what was left behind."""

from portico.testing.client import Client, Reply
from portico.testing.harness import Harness, open_harness

__all__ = ["Client", "Harness", "Reply", "open_harness"]
