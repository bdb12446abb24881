"""Sealing by joserfc: JSON Web Encryption (RFC 7516), `dir` with A256GCM."""

import hashlib
import hmac

from portico.errors import WronglySet

HEADER = {"alg": "dir", "enc": "A256GCM"}
FOREIGN = "A sealed secret does not open: was SECRET_KEY changed? Whoever it belongs to has to set it up anew."


class JweSealer:
    """Seals each secret under a key for what it is about; joserfc is loaded at the first use."""

    def __init__(self, key: bytes) -> None:
        """`key` is for sealing alone."""
        self._key = key

    def seal(self, plain: bytes, about: bytes) -> bytes:
        """The secret as a compact JWE."""
        from joserfc import jwe
        from joserfc.jwk import OctKey

        return jwe.encrypt_compact(HEADER, plain, OctKey.import_key(self._key_for(about))).encode()

    def unseal(self, sealed: bytes, about: bytes) -> bytes:
        """The secret again."""
        from joserfc import jwe
        from joserfc.errors import JoseError
        from joserfc.jwk import OctKey

        try:
            opened = jwe.decrypt_compact(sealed, OctKey.import_key(self._key_for(about)), [*HEADER.values()])
        except JoseError:
            raise WronglySet(FOREIGN) from None
        return opened.plaintext or b""

    def _key_for(self, about: bytes) -> bytes:
        return hmac.digest(self._key, about, hashlib.sha256)
