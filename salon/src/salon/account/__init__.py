"""The pages of one's own account: signing up and in, one's profile, security, sessions and keys."""

from salon.account import entering, forgetting, joining, keys, profile, security, sessions
from salon.account.module import account

__all__ = ["account", "entering", "forgetting", "joining", "keys", "profile", "security", "sessions"]
