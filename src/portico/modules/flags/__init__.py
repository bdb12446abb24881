"""Feature flags as operators set them, at `/api/v1/flags`."""

from portico.modules.flags.actions import FlagShown, Setting, find, flags, reset, set_flag

__all__ = ["FlagShown", "Setting", "find", "flags", "reset", "set_flag"]
