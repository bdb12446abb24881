"""Sign-up, sign-in, sign-out, and who one is: `/api/auth/*`."""

from portico.modules.identity.actions import identity, me, sign_in, sign_out, sign_up
from portico.modules.identity.models import Credentials, NewUser, Profile, SignedIn

__all__ = ["Credentials", "NewUser", "Profile", "SignedIn", "identity", "me", "sign_in", "sign_out", "sign_up"]
