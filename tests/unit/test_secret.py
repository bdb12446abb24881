"""What is derived from the application's secret."""

import hashlib
import hmac

import pytest

from portico.app.secret import derive, prover


@pytest.mark.parametrize("message", [b"", b"jobs[]", b"slug" * 100], ids=["none", "short", "long"])
def test_a_proof_is_an_hmac_as_the_database_checks_it(message: bytes) -> None:
    """However often the same key proves something, and whatever it has proved before."""
    key = derive(b"the application's secret", "proof")
    prove = prover(key)

    proofs = {prove(message), prove(b"something else"), prove(message)}

    assert proofs == {hmac.digest(key, told, hashlib.sha256) for told in (message, b"something else")}
