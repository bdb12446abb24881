"""Passwords are judged, hashed and verified before the transaction: Argon2 takes longer than a transaction should."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import cast
from uuid import UUID

from pydantic import BaseModel, SecretStr

from portico import BadCredentials, Call, Contract, Error, Invalid, Policy, PublicContext, Unavailable
from portico.modules.identity.challenges import challenge_address, verification
from portico.modules.identity.errors import WrongPassword

LOOK_UP = "select * from portico.credential_v2(:email, :proof)"
HOLD = "select portico.hold_password_v1(:user_id, :password_hash)"
OWNER = """
    select email, name, last_name from portico.users where id = nullif(current_setting('app.user', true), '')::uuid
"""
RENEW = "select portico.store_password_v1(:user_id, :former_hash, :password_hash, :proof)"


class Credential(BaseModel):
    """What is stored of a password, and what else signing in depends on."""

    user_id: UUID | None
    password_hash: str | None
    address: str | None
    name: str | None
    verified: bool | None
    second_factor: bool | None


UNKNOWN = Credential(user_id=None, password_hash=None, address=None, name=None, verified=None, second_factor=None)


class Owner(BaseModel):
    """What is known of whose password it is."""

    email: str
    name: str
    last_name: str


class Renewal(BaseModel):
    """A hash that takes the place of one made at another cost."""

    user_id: UUID
    former_hash: str
    password_hash: str
    proof: bytes


class HashesPassword(Policy):
    """Refuses a new password that breaks the application's rules, with all that it breaks; hashes any other.

    The handler finds the hash as `ctx.found["password_hash"]`. The password may not contain what the input's `email`
    and `name` say of its owner, or what is known of whoever is signed in, or of whom the handler has found by a link.
    """

    member: str = "password"

    @property
    def input_member(self) -> str:
        """The new password, which the input must have."""
        return self.member

    async def check(self, call: Call) -> Error | None:
        """Judge it, then hash it, with no transaction open."""
        password = call.input(self.member, SecretStr).get_secret_value()
        findings = await call.services.passwords.findings(password, _about_owner(call))
        if findings:
            return Invalid(errors={self.member: findings})
        call.found["password_hash"] = await call.services.hasher.hash(password)
        return None

    async def wrap(self, call: Call, handler: Callable[[], Awaitable[object]]) -> object:
        """Judge it once more by what the database knows of its owner, unless the input tells all that there is."""
        result = await handler()
        if "email" not in call.values and (owner := await call.db.maybe(OWNER, Owner)) is not None:
            password = call.input(self.member, SecretStr).get_secret_value()
            if found := call.services.passwords.likenesses(password, owner.model_dump().values()):
                raise Invalid(errors={self.member: found})
        return result

    def contract(self) -> Contract:
        """It may answer VALIDATION_ERROR, or that too many passwords wait to be hashed."""
        return Contract(errors=(Invalid, Unavailable))


class VerifiesPassword(Policy):
    """Refuses a wrong `password` for `email`; the handler finds the user as `ctx.found["user_id"]`.

    An unknown address takes as long as a wrong password, and is told the same. So is one that is not confirmed yet,
    but for the mail that it gets to confirm it. Whether a second factor is wanted stands in
    `ctx.found["second_factor"]`. A hash that was made at another cost than the settings say now is made anew, and
    stored once the handler has opened the user's session.
    """

    async def check(self, call: Call) -> Error | None:
        """Look the hash up in a statement of its own, then verify it with no transaction open."""
        known = await _look_up(call, call.input("email", str))
        password = call.input("password", SecretStr).get_secret_value()
        right = await call.services.hasher.verify(password, known.password_hash) and known.user_id is not None
        if not (right and (known.verified or call.services.unverified_sign_in)):
            await _remind(call, known if right else UNKNOWN)
            return BadCredentials()
        call.found["user_id"], call.found["second_factor"] = known.user_id, known.second_factor
        call.found["verified"] = known
        call.found["renewal"] = await _renewal(call, known, password)
        return None

    async def wrap(self, call: Call, handler: Callable[[], Awaitable[object]]) -> object:
        """Refuse a password that was changed meanwhile; store a renewed hash once its owner has signed in."""
        if not await call.db.one(HOLD, bool, cast("Credential", call.found["verified"])):
            raise BadCredentials
        result = await handler()
        if isinstance(renewal := call.found.get("renewal"), Renewal):
            await call.db.execute(RENEW, renewal)
        return result

    def contract(self) -> Contract:
        """It may answer AUTH_INVALID_CREDENTIALS, or that too many passwords wait to be verified."""
        return Contract(errors=(BadCredentials, Unavailable))


class VerifiesOwnPassword(Policy):
    """Refuses what is not the password of whoever is signed in; its hash is then `ctx.found["former_hash"]`."""

    member: str

    @property
    def input_member(self) -> str:
        """The password, which the input must have."""
        return self.member

    async def check(self, call: Call) -> Error | None:
        """Look the hash up in a statement of its own, then verify it with no transaction open."""
        known = await _look_up(call, call.user.email if call.user else "")
        password = call.input(self.member, SecretStr).get_secret_value()
        if not await call.services.hasher.verify(password, known.password_hash) or known.user_id != call.principal.id:
            return WrongPassword(at=self.member)
        call.found["former_hash"] = known.password_hash
        return None

    def contract(self) -> Contract:
        """It may answer AUTH_WRONG_PASSWORD, or that too many passwords wait to be verified."""
        return Contract(errors=(WrongPassword, Unavailable))


async def _look_up(call: Call, email: str) -> Credential:
    """What is stored for an address, in a statement of its own."""
    proof = PublicContext(call).proof(b"credential", email.encode())
    return await call.db.maybe(LOOK_UP, Credential, email=email, proof=proof) or UNKNOWN


async def _remind(call: Call, known: Credential) -> None:
    """Send whoever has shown the right password a mail that confirms the address; as much work for everybody else."""
    if call.services.unverified_sign_in:
        return
    recipient, token = await challenge_address(PublicContext(call), "verify-email", known.address or "")
    if recipient.address is None:
        return
    taken = await call.services.count(f"verify-email\x1f{recipient.user_id}", "mail")
    if taken.allowed:
        values = {"name": recipient.name, "link": verification(token)}
        call.mail("verify_email", recipient.address, values, regardless=True)


async def _renewal(call: Call, known: Credential, password: str) -> Renewal | None:
    """The verified password's hash at today's cost, where that is another."""
    former, hasher = known.password_hash, call.services.hasher
    if known.user_id is not None and former is not None and hasher.outdated(former):
        with suppress(Unavailable):  # the old hash is as good until the next sign-in
            hashed = await hasher.hash(password)
            proof = proof_of(PublicContext(call), known.user_id, hashed)
            return Renewal(user_id=known.user_id, former_hash=former, password_hash=hashed, proof=proof)
    return None


def proof_of(ctx: PublicContext, user_id: UUID, password_hash: str) -> bytes:
    """What the database wants before it takes another hash: no injected statement chooses anybody's password."""
    return ctx.proof(b"store-password", user_id.bytes, password_hash.encode())


def _about_owner(call: Call) -> list[str]:
    told = [call.values.get(member) for member in ("email", "name", "last_name")]
    known = [call.user.email, call.user.name] if call.user else []
    return [text for text in (*told, *known) if isinstance(text, str)]
