"""The module of outgoing webhooks."""

from pathlib import Path

from portico import Module

webhooks = Module("webhooks", mails=Path(__file__).parent / "mails")
