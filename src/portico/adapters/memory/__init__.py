"""Stores in the process's own memory: right for one process, and for tests."""
