"""What the built-in modules promise over GraphQL: names and types that clients hold on to."""

from typing import Any

from portico.app.graphql import graphql_schema
from tests.promises.registry import app

SCHEMA = graphql_schema(app)
FIELDS = {
    "identityFindProviders": "[String!]",
    "identityFindIdentities": "[LinkedIdentity!]",
    "identityFindKeys": "[ApiKey!]",
    "identityFindPasskeys": "[Passkey!]",
    "me": "Profile",
    "identityFindSessions": "[OpenSession!]",
    "identitySecondFactor": "SecondFactorState",
    "identityFindTotpSetup": "TotpSetup",
    "organizations": "[Organization!]",
    "organizationsGet": "Organization",
    "organizationsPreviewInvitation": "InvitationShown",
    "organizationsFindInvitations": "InvitationConnection",
    "organizationsFindKeys": "[ServiceKey!]",
    "organizationsFindMembers": "MemberConnection",
    "organizationsFindRoles": "[Role!]",
    "organizationsFindPermissions": "[Permission!]",
    "users": "UserV1Connection",
    "usersGet": "UserV1",
    "usersV2": "UserV2Connection",
    "usersV2Get": "UserV2",
    "identityChangeEmail": "Address",
    "identityConfirmEmail": "Confirmed",
    "identitySignIn": "IdentitySignIn",
    "identitySignOut": "Done",
    "identitySignOutEverywhere": "Done",
    "identityUnlinkIdentity": "Done",
    "identityCreateKey": "IssuedApiKey",
    "identityRenameKey": "ApiKey",
    "identityRevokeKey": "Done",
    "identityBeginPasskey": "PasskeyOptions",
    "identityAddPasskey": "Passkey",
    "identityRenamePasskey": "Passkey",
    "identityRemovePasskey": "Done",
    "identityAskForPasskey": "PasskeyOptions",
    "identitySignInByPasskey": "SignedIn",
    "identityAskForOwnPasskey": "PasskeyOptions",
    "identityConfirmByPasskey": "NewToken",
    "identityConfirmPassword": "NewToken",
    "identityChangePassword": "NewToken",
    "identityForgetPassword": "Done",
    "identityResetPassword": "Confirmed",
    "identityUpdateMe": "Profile",
    "identityDeleteMe": "Done",
    "identitySignUp": "SignedUp",
    "identityVerifyEmail": "Confirmed",
    "identityResendVerification": "Done",
    "identityShowSecondFactor": "SignedIn",
    "identityEndSession": "Done",
    "identityEndOtherSessions": "EndedSessions",
    "identityBeginTotp": "TotpSetup",
    "identityConfirmTotp": "SecondFactorOn",
    "identityRenewRecoveryCodes": "RecoveryCodes",
    "identityEndTotp": "NewToken",
    "organizationsCreate": "Organization",
    "organizationsUpdate": "Organization",
    "organizationsSwitch": "Organization",
    "organizationsDelete": "Done",
    "organizationsAcceptInvitation": "Organization",
    "organizationsDeclineInvitation": "Done",
    "organizationsInvite": "Invitation",
    "organizationsRevokeInvitation": "Done",
    "organizationsCreateKey": "IssuedServiceKey",
    "organizationsRenameKey": "ServiceKey",
    "organizationsRevokeKey": "Done",
    "organizationsChangeRole": "Member",
    "organizationsRemoveMember": "Done",
    "organizationsLeave": "Done",
    "organizationsCreateRole": "Role",
    "organizationsUpdateRole": "Role",
    "organizationsDeleteRole": "Done",
    "usersCreate": "UserV1",
    "usersUpdate": "UserV1",
    "usersDelete": "Done",
    "usersV2Create": "UserV2",
    "usersV2Update": "UserV2",
    "usersV2Delete": "Done",
}
TYPES = {
    "Address": {
        "email": "String!",
    },
    "ApiKey": {
        "id": "UUID!",
        "name": "String!",
        "hint": "String!",
        "scopes": "[String!]!",
        "rate": "String",
        "created_at": "DateTime!",
        "expires_at": "DateTime",
        "last_used_at": "DateTime",
    },
    "AssertionInput": {
        "clientDataJSON": "String!",
        "authenticatorData": "String!",
        "signature": "String!",
        "userHandle": "String",
    },
    "Confirmed": {
        "user_id": "UUID!",
    },
    "CreationInput": {
        "clientDataJSON": "String!",
        "attestationObject": "String!",
    },
    "Done": {
        "success": "Boolean!",
    },
    "Drift": {
        "device": "String!",
        "place": "String!",
        "at": "DateTime!",
        "refused": "Boolean!",
    },
    "EndedSessions": {
        "ended": "Int!",
    },
    "IdentityAddPasskeyInput": {
        "name": "String!",
        "credential": "NewCredentialInput!",
    },
    "IdentityChangeEmailInput": {
        "email": "String!",
    },
    "IdentityChangePasswordInput": {
        "current": "String!",
        "new": "String!",
    },
    "IdentityConfirmByPasskeyInput": {
        "credential": "UsedCredentialInput!",
    },
    "IdentityConfirmEmailInput": {
        "token": "String!",
    },
    "IdentityConfirmPasswordInput": {
        "password": "String!",
    },
    "IdentityConfirmTotpInput": {
        "code": "String!",
    },
    "IdentityCreateKeyInput": {
        "name": "String!",
        "scopes": "[String!]!",
        "days": "Int",
        "expires_at": "DateTime",
        "rate": "String",
    },
    "IdentityEndSessionInput": {
        "id": "UUID!",
    },
    "IdentityForgetPasswordInput": {
        "email": "String!",
    },
    "IdentityRemovePasskeyInput": {
        "id": "UUID!",
    },
    "IdentityRenameKeyInput": {
        "id": "UUID!",
        "name": "String!",
    },
    "IdentityRenamePasskeyInput": {
        "id": "UUID!",
        "name": "String!",
    },
    "IdentityResendVerificationInput": {
        "email": "String!",
    },
    "IdentityResetPasswordInput": {
        "token": "String!",
        "password": "String!",
    },
    "IdentityRevokeKeyInput": {
        "id": "UUID!",
    },
    "IdentityShowSecondFactorInput": {
        "ticket": "String!",
        "code": "String",
        "recovery_code": "String",
    },
    "IdentitySignInByPasskeyInput": {
        "credential": "UsedCredentialInput!",
    },
    "IdentitySignInInput": {
        "email": "String!",
        "password": "String!",
    },
    "IdentitySignUpInput": {
        "email": "String!",
        "password": "String!",
        "name": "String",
        "last_name": "String",
    },
    "IdentityUnlinkIdentityInput": {
        "issuer": "String!",
        "subject": "String!",
    },
    "IdentityUpdateMeInput": {
        "name": "String",
        "last_name": "String",
        "version": "Int",
    },
    "IdentityVerifyEmailInput": {
        "token": "String!",
    },
    "Invitation": {
        "id": "UUID!",
        "email": "String!",
        "role": "String!",
        "invited_by": "UUID",
        "created_at": "DateTime!",
        "expires_at": "DateTime!",
    },
    "InvitationConnection": {
        "edges": "[InvitationEdge!]!",
        "nodes": "[Invitation!]!",
        "pageInfo": "PageInfo!",
        "totalCount": "Int",
    },
    "InvitationEdge": {
        "cursor": "String!",
        "node": "Invitation!",
    },
    "InvitationShown": {
        "organization": "String!",
        "invited_by": "String!",
        "email": "String!",
        "role": "String!",
        "expires_at": "DateTime!",
    },
    "IssuedApiKey": {
        "id": "UUID!",
        "name": "String!",
        "hint": "String!",
        "scopes": "[String!]!",
        "rate": "String",
        "created_at": "DateTime!",
        "expires_at": "DateTime",
        "last_used_at": "DateTime",
        "token": "String!",
    },
    "IssuedServiceKey": {
        "id": "UUID!",
        "name": "String!",
        "hint": "String!",
        "scopes": "[String!]!",
        "rate": "String",
        "created_at": "DateTime!",
        "expires_at": "DateTime",
        "last_used_at": "DateTime",
        "user_id": "UUID!",
        "role": "String",
        "created_by": "UUID",
        "token": "String!",
    },
    "LinkedIdentity": {
        "issuer": "String!",
        "subject": "String!",
        "email": "String!",
        "created_at": "DateTime!",
        "last_used_at": "DateTime!",
    },
    "Member": {
        "user_id": "UUID!",
        "kind": "MemberKind!",
        "name": "String!",
        "email": "String!",
        "role": "String!",
        "since": "DateTime!",
    },
    "MemberConnection": {
        "edges": "[MemberEdge!]!",
        "nodes": "[Member!]!",
        "pageInfo": "PageInfo!",
        "totalCount": "Int",
    },
    "MemberEdge": {
        "cursor": "String!",
        "node": "Member!",
    },
    "Membership": {
        "id": "UUID!",
        "name": "String!",
        "slug": "String!",
        "role": "String!",
    },
    "NewCredentialInput": {
        "id": "String!",
        "rawId": "String!",
        "type": "String!",
        "response": "CreationInput!",
    },
    "NewToken": {
        "token": "String",
    },
    "OpenSession": {
        "id": "UUID!",
        "device": "String!",
        "place": "String!",
        "method": "OpenSessionMethod!",
        "created_at": "DateTime!",
        "last_used_at": "DateTime!",
        "expires_at": "DateTime!",
        "current": "Boolean!",
        "drifts": "[Drift!]!",
    },
    "Organization": {
        "id": "UUID!",
        "name": "String!",
        "slug": "String!",
        "plan": "String!",
        "timezone": "String!",
        "version": "Int!",
        "created_at": "DateTime!",
    },
    "OrganizationsAcceptInvitationInput": {
        "token": "String!",
    },
    "OrganizationsChangeRoleInput": {
        "id": "UUID!",
        "user_id": "UUID!",
        "role": "String!",
    },
    "OrganizationsCreateInput": {
        "name": "String!",
        "slug": "String!",
        "timezone": "String",
    },
    "OrganizationsCreateKeyInput": {
        "id": "UUID!",
        "name": "String!",
        "scopes": "[String!]!",
        "days": "Int",
        "expires_at": "DateTime",
        "rate": "String",
        "role": "String",
    },
    "OrganizationsCreateRoleInput": {
        "id": "UUID!",
        "name": "String!",
        "description": "String",
        "permissions": "[String!]!",
    },
    "OrganizationsDeclineInvitationInput": {
        "token": "String!",
    },
    "OrganizationsDeleteInput": {
        "id": "UUID!",
    },
    "OrganizationsDeleteRoleInput": {
        "id": "UUID!",
        "name": "String!",
    },
    "OrganizationsInviteInput": {
        "id": "UUID!",
        "email": "String!",
        "role": "String!",
    },
    "OrganizationsLeaveInput": {
        "id": "UUID!",
    },
    "OrganizationsRemoveMemberInput": {
        "id": "UUID!",
        "user_id": "UUID!",
    },
    "OrganizationsRenameKeyInput": {
        "id": "UUID!",
        "key_id": "UUID!",
        "name": "String!",
    },
    "OrganizationsRevokeInvitationInput": {
        "id": "UUID!",
        "invitation_id": "UUID!",
    },
    "OrganizationsRevokeKeyInput": {
        "id": "UUID!",
        "key_id": "UUID!",
    },
    "OrganizationsSwitchInput": {
        "id": "UUID!",
    },
    "OrganizationsUpdateInput": {
        "id": "UUID!",
        "name": "String",
        "timezone": "String",
        "version": "Int",
    },
    "OrganizationsUpdateRoleInput": {
        "id": "UUID!",
        "name": "String!",
        "description": "String",
        "permissions": "[String!]",
        "version": "Int",
    },
    "PageInfo": {
        "hasNextPage": "Boolean!",
        "hasPreviousPage": "Boolean!",
        "startCursor": "String",
        "endCursor": "String",
    },
    "Passkey": {
        "id": "UUID!",
        "name": "String!",
        "created_at": "DateTime!",
        "last_used_at": "DateTime",
    },
    "PasskeyOptions": {
        "options": "JSON!",
    },
    "Permission": {
        "name": "String!",
        "held": "Boolean!",
    },
    "Profile": {
        "id": "UUID!",
        "email": "String!",
        "email_verified": "Boolean!",
        "name": "String!",
        "last_name": "String!",
        "two_factor": "Boolean!",
        "operator": "Boolean!",
        "version": "Int!",
        "organizations": "[Membership!]!",
        "active_organization": "UUID",
    },
    "RecoveryCodes": {
        "recovery_codes": "[String!]!",
    },
    "Role": {
        "name": "String!",
        "description": "String!",
        "permissions": "[String!]!",
        "built_in": "Boolean!",
        "version": "Int",
    },
    "SecondFactor": {
        "second_factor": "String!",
        "methods": "[String!]!",
    },
    "SecondFactorOn": {
        "recovery_codes": "[String!]!",
        "token": "String",
    },
    "SecondFactorState": {
        "since": "DateTime",
        "recovery_codes": "Int!",
    },
    "ServiceKey": {
        "id": "UUID!",
        "name": "String!",
        "hint": "String!",
        "scopes": "[String!]!",
        "rate": "String",
        "created_at": "DateTime!",
        "expires_at": "DateTime",
        "last_used_at": "DateTime",
        "user_id": "UUID!",
        "role": "String",
        "created_by": "UUID",
    },
    "SignedIn": {
        "user_id": "UUID!",
        "token": "String!",
        "expires_at": "DateTime!",
    },
    "SignedUp": {
        "email": "String!",
    },
    "TotpSetup": {
        "secret": "String!",
        "uri": "String!",
        "qr": "String!",
    },
    "UsedCredentialInput": {
        "id": "String!",
        "rawId": "String!",
        "type": "String!",
        "response": "AssertionInput!",
    },
    "UserV1": {
        "id": "UUID!",
        "name": "String!",
        "email": "String!",
    },
    "UserV1Connection": {
        "edges": "[UserV1Edge!]!",
        "nodes": "[UserV1!]!",
        "pageInfo": "PageInfo!",
        "totalCount": "Int",
    },
    "UserV1Edge": {
        "cursor": "String!",
        "node": "UserV1!",
    },
    "UserV2": {
        "id": "UUID!",
        "first_name": "String!",
        "last_name": "String!",
        "email": "String!",
        "created_at": "DateTime!",
    },
    "UserV2Connection": {
        "edges": "[UserV2Edge!]!",
        "nodes": "[UserV2!]!",
        "pageInfo": "PageInfo!",
        "totalCount": "Int",
    },
    "UserV2Edge": {
        "cursor": "String!",
        "node": "UserV2!",
    },
    "UsersCreateInput": {
        "name": "String",
        "email": "String!",
    },
    "UsersDeleteInput": {
        "id": "UUID!",
    },
    "UsersUpdateInput": {
        "id": "UUID!",
        "email_verified": "Boolean",
        "operator": "Boolean",
        "name": "String",
        "if_match": "String",
    },
    "UsersV2CreateInput": {
        "first_name": "String",
        "last_name": "String",
        "email": "String!",
    },
    "UsersV2DeleteInput": {
        "id": "UUID!",
    },
    "UsersV2UpdateInput": {
        "id": "UUID!",
        "email_verified": "Boolean",
        "operator": "Boolean",
        "first_name": "String",
        "last_name": "String",
        "if_match": "String",
    },
}


def test_every_field_is_called_and_typed_as_it_was() -> None:
    """A field that is renamed or gone breaks who asks for it."""
    roots = [SCHEMA.query_type, SCHEMA.mutation_type]

    assert {name: str(field.type) for root in roots if root for name, field in root.fields.items()} == FIELDS


def test_every_member_is_typed_as_it_was() -> None:
    """A member that may be null from now on breaks who relies on it; one that must be given, who did not give it."""
    found: dict[str, dict[str, str]] = {}
    for name, kind in SCHEMA.type_map.items():
        fields: dict[str, Any] = getattr(kind, "fields", {})
        if fields and not name.startswith("__") and name not in {"Query", "Mutation"}:
            found[name] = {member: str(field.type) for member, field in fields.items()}

    assert found == TYPES


def test_everything_is_served_but_pages_and_redirects() -> None:
    """No action is forgotten."""
    served = [plan for plan in app.plans.values() if plan.action.kind in {"query", "mutation"} and not plan.codec.page]

    assert len(FIELDS) == len([plan for plan in served if not (plan.codec.redirect or plan.linked)])
