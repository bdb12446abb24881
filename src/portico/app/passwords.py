"""How the settings want passwords judged and hashed."""

from portico.adapters.argon2 import CHEAPEST, Argon2Hasher, Cost
from portico.adapters.zxcvbn import ZxcvbnPasswords
from portico.app.settings import Settings
from portico.core.passwords import PasswordRules

KIB_PER_MIB = 1024


def hasher_of(settings: Settings) -> Argon2Hasher:
    """Argon2id at the cost that is set."""
    memory = settings.portico_argon2_memory_mib * KIB_PER_MIB
    cost = Cost(memory, settings.portico_argon2_passes, settings.portico_argon2_lanes)
    return Argon2Hasher(CHEAPEST if settings.cheap_passwords else cost, at_once=settings.portico_argon2_at_once)


def rules_of(settings: Settings) -> PasswordRules:
    """What a new password must be like."""
    common = ZxcvbnPasswords() if settings.portico_password_common else None
    return PasswordRules(settings.portico_password_min_length, settings.portico_password_classes, common)
