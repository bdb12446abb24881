"""Valkey (or Redis 7 and later): what several processes of an application share, and may lose."""

from portico.adapters.valkey.connection import Script, Valkey, ValkeyDown

__all__ = ["Script", "Valkey", "ValkeyDown"]
