"""WebAuthn's two ceremonies, by py_webauthn: a passkey made, a passkey used. The user is verified in both."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from pydantic import BaseModel, JsonValue

from portico import Error, Site, User
from portico.modules.identity.errors import PasskeyRefused
from portico.modules.identity.factors import Credential, NewCredential, UsedCredential

PATIENCE = 300_000
"""Milliseconds that a browser waits for its user: as long as the challenge is good."""
LONGEST_ID = 1023
"""Bytes of a credential's id (WebAuthn, section 7.1)."""
log = logging.getLogger("portico")


class MadeKey(BaseModel):
    """What is kept of a passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


class KnownKey(BaseModel):
    """What is known of a passkey that has answered, and who was asked; nobody, where anybody was."""

    asked: UUID | None
    user_id: UUID | None
    public_key: bytes | None
    sign_count: int | None


def creation_options(site: Site, user: User, challenge: str, *, held: list[bytes]) -> dict[str, JsonValue]:
    """What a browser needs to make a passkey that is found without a name, on another device than those held."""
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json_dict, structs

    selection = structs.AuthenticatorSelectionCriteria(
        resident_key=structs.ResidentKeyRequirement.REQUIRED,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=user.id.bytes,
        user_name=user.email,
        user_display_name=user.name or user.email,
        challenge=challenge.encode(),
        timeout=PATIENCE,
        authenticator_selection=selection,
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=known) for known in held],
    )
    return options_to_json_dict(options)


def request_options(site: Site, challenge: str, *, held: list[bytes]) -> dict[str, JsonValue]:
    """What a browser needs to use one of the passkeys held; any that it finds, where none is named."""
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json_dict, structs

    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge.encode(),
        timeout=PATIENCE,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=known) for known in held],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def challenge_in(shown: NewCredential | UsedCredential) -> str:
    """The challenge that was answered, as the browser says: whether it is ours, the database knows."""
    from webauthn.helpers import base64url_to_bytes, parse_client_data_json

    with _refusing():
        return parse_client_data_json(base64url_to_bytes(shown.response.client_data)).challenge.decode()


def id_in(shown: Credential) -> bytes:
    """The credential's id."""
    from webauthn.helpers import base64url_to_bytes

    with _refusing():
        return base64url_to_bytes(shown.raw_id)


def made(site: Site, shown: NewCredential, challenge: str) -> MadeKey:
    """The passkey that was made; raises PasskeyRefused where its answer is not for this challenge and this site."""
    from webauthn import verify_registration_response

    with _refusing():
        key = verify_registration_response(
            credential=shown.model_dump(by_alias=True),
            expected_challenge=challenge.encode(),
            expected_rp_id=site.host,
            expected_origin=site.origins,
            require_user_verification=True,
        )
    if len(key.credential_id) > LONGEST_ID:
        raise PasskeyRefused
    return MadeKey(credential_id=key.credential_id, public_key=key.credential_public_key, sign_count=key.sign_count)


def used(site: Site, shown: UsedCredential, challenge: str, *, known: KnownKey) -> int:
    """The passkey's counter; raises PasskeyRefused where it is not known, or its answer not for this challenge here."""
    from webauthn import verify_authentication_response

    if known.user_id is None or known.public_key is None or not _of(known.user_id, shown):
        raise PasskeyRefused
    with _refusing():
        key = verify_authentication_response(
            credential=shown.model_dump(by_alias=True),
            expected_challenge=challenge.encode(),
            expected_rp_id=site.host,
            expected_origin=site.origins,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count or 0,
            require_user_verification=True,
        )
    return key.new_sign_count


def _of(user_id: UUID, shown: UsedCredential) -> bool:
    """Whether the passkey says that it is this user's, where it says whose (WebAuthn, section 7.2)."""
    from webauthn.helpers import base64url_to_bytes

    handle = shown.response.user_handle
    if handle is None:
        return True
    with _refusing():
        return base64url_to_bytes(handle) == user_id.bytes


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except Error:
        raise
    except Exception as problem:  # noqa: BLE001  # bytes of a stranger: whatever they break in the parsers is a refusal
        log.info("a passkey was refused: %s: %.200r", type(problem).__name__, str(problem))
        raise PasskeyRefused from None
