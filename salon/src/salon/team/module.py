"""The module of the organizations' pages."""

from portico import Module

team = Module("team", prefix="")
