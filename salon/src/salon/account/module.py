"""The module of the account's pages."""

from portico import Module

account = Module("account", prefix="")
