"""What identity refuses."""

from portico import Conflict, Duplicate, Error, Forbidden, LastOwner, Unauthorized


class EmailTaken(Duplicate, code="AUTH_EMAIL_TAKEN"):
    """This e-mail address is already registered."""

    at: str | None = "email"


class SignInFailed(Unauthorized, code="AUTH_SIGN_IN_FAILED"):
    """Signing in there did not work. Please try again."""


class IdentityTaken(Duplicate, code="AUTH_IDENTITY_TAKEN"):
    """This way of signing in leads to another account already."""


class LastWayIn(Conflict, code="AUTH_LAST_WAY_IN"):
    """This is the only way to sign in to your account. Please set a password first."""

    retryable = False


class LastOwnerOf(LastOwner, code="BIZ_LAST_OWNER_OF"):
    """You are the only owner of an organization. Please make somebody else an owner, or delete it, first."""

    organization: str


class LinkSpent(Error, code="AUTH_LINK_SPENT", status=410):
    """This link was used already, or is too old. Please ask for a new one."""


class TooManyKeys(Conflict, code="BIZ_TOO_MANY_KEYS"):
    """There are 100 API keys already. Please delete one that is no longer used."""

    retryable = False


class WrongPassword(Forbidden, code="AUTH_WRONG_PASSWORD"):
    """This is not your password."""

    guess = True


class WrongCode(Forbidden, code="AUTH_WRONG_CODE"):
    """This code is wrong, too old, or was used already."""

    guess = True


class BeginAgain(Error, code="AUTH_BEGIN_AGAIN", status=410):
    """This took too long, or too many tries. Please begin again."""


class SecondFactorInUse(Conflict, code="AUTH_SECOND_FACTOR_IN_USE"):
    """A second factor is in use already. Please turn it off first."""

    retryable = False


class PasskeyRefused(Forbidden, code="AUTH_PASSKEY_REFUSED"):
    """This passkey was not accepted."""


class PasskeyKnown(Duplicate, code="AUTH_PASSKEY_KNOWN"):
    """This passkey is registered already."""


class TooManyPasskeys(Conflict, code="BIZ_TOO_MANY_PASSKEYS"):
    """There are 20 passkeys already. Please remove one that is no longer used."""

    retryable = False
