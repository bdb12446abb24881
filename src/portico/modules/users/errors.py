"""What the accounts refuse."""

from portico import Forbidden


class OwnAccount(Forbidden, code="AUTH_OWN_ACCOUNT"):
    """You cannot take this from yourself. Please ask another operator."""
