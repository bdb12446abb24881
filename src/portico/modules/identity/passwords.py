"""Passwords are hashed and verified before the transaction: Argon2 takes longer than a transaction should."""

from uuid import UUID

from pydantic import BaseModel, SecretStr

from portico import BadCredentials, Call, Contract, Error, Policy, Stage


class Credential(BaseModel):
    """What is stored of a password."""

    user_id: UUID | None
    password_hash: str | None


class HashesPassword(Policy):
    """Hashes the input's `password`; the handler finds it as `ctx.found["password_hash"]`."""

    async def check(self, call: Call) -> Error | None:
        """Hash it, with no transaction open."""
        password = call.input("password", SecretStr).get_secret_value()
        call.found["password_hash"] = await call.services.hasher.hash(password)
        return None


class VerifiesPassword(Policy):
    """Refuses a wrong `password` for `email`; the handler finds the user as `ctx.found["user_id"]`.

    An unknown address takes as long as a wrong password, and is told the same.
    """

    @property
    def stage(self) -> Stage:
        """Once the input is valid."""
        return Stage.INPUT

    async def check(self, call: Call) -> Error | None:
        """Look the hash up in a statement of its own, then verify it with no transaction open."""
        known = await call.db.maybe(
            "select * from portico.credential_v1(:email)", Credential, email=call.input("email", str)
        )
        hashed = known.password_hash if known else None
        password = call.input("password", SecretStr).get_secret_value()
        if not await call.services.hasher.verify(password, hashed) or known is None:
            return BadCredentials()
        call.found["user_id"] = known.user_id
        return None

    def contract(self) -> Contract:
        """It may answer AUTH_INVALID_CREDENTIALS."""
        return Contract(errors=(BadCredentials,))
