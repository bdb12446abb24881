"""Demo data: three businesses in three time zones, two years of appointments, the same on every machine."""

from salon.demo.seed import demo

__all__ = ["demo"]
