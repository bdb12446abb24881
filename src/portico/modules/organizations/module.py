"""The module of organizations."""

from pathlib import Path

from portico import Module

organizations = Module("organizations", mails=Path(__file__).parent / "mails")
