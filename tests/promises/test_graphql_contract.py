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
    "jobs": "JobConnection",
    "jobsGet": "JobShown",
    "organizations": "[Organization!]",
    "organizationsGet": "Organization",
    "organizationsPreviewInvitation": "InvitationShown",
    "organizationsFindInvitations": "InvitationConnection",
    "organizationsFindKeys": "[ServiceKey!]",
    "organizationsFindMembers": "MemberConnection",
    "organizationsFindRoles": "[Role!]",
    "organizationsFindPermissions": "[Permission!]",
    "users": "UserV2Connection",
    "usersGet": "UserV2",
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
    "jobsRetry": "JobShown",
    "jobsCancel": "JobShown",
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
    "usersCreate": "UserV2",
    "usersUpdate": "UserV2",
    "usersDelete": "Done",
}
TYPES = {
    "LinkedIdentity": {
        "issuer": "String!",
        "subject": "String!",
        "email": "String!",
        "created_at": "DateTime!",
        "last_used_at": "DateTime!",
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
    "Passkey": {
        "id": "UUID!",
        "name": "String!",
        "created_at": "DateTime!",
        "last_used_at": "DateTime",
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
    "Membership": {
        "id": "UUID!",
        "name": "String!",
        "slug": "String!",
        "role": "String!",
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
    "Drift": {
        "device": "String!",
        "place": "String!",
        "at": "DateTime!",
        "refused": "Boolean!",
    },
    "SecondFactorState": {
        "since": "DateTime",
        "recovery_codes": "Int!",
    },
    "TotpSetup": {
        "secret": "String!",
        "uri": "String!",
        "qr": "String!",
    },
    "JobShown": {
        "id": "UUID!",
        "name": "String!",
        "state": "JobShownState!",
        "priority": "JobShownPriority!",
        "attempt": "Int!",
        "attempts": "Int!",
        "due_at": "DateTime!",
        "org_id": "UUID",
        "user_id": "UUID",
        "key": "String",
        "problem": "Problem",
        "created_at": "DateTime!",
        "ended_at": "DateTime",
        "input": "JSON",
        "lane": "String",
        "event_id": "UUID",
        "request_id": "String!",
        "worker": "String",
        "leased_until": "DateTime",
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
    "InvitationShown": {
        "organization": "String!",
        "invited_by": "String!",
        "email": "String!",
        "role": "String!",
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
    "Invitation": {
        "id": "UUID!",
        "email": "String!",
        "role": "String!",
        "invited_by": "UUID",
        "created_at": "DateTime!",
        "expires_at": "DateTime!",
    },
    "JobConnection": {
        "edges": "[JobEdge!]!",
        "nodes": "[Job!]!",
        "pageInfo": "PageInfo!",
        "totalCount": "Int",
    },
    "JobEdge": {
        "cursor": "String!",
        "node": "Job!",
    },
    "Job": {
        "id": "UUID!",
        "name": "String!",
        "state": "JobState!",
        "priority": "JobPriority!",
        "attempt": "Int!",
        "attempts": "Int!",
        "due_at": "DateTime!",
        "org_id": "UUID",
        "user_id": "UUID",
        "key": "String",
        "problem": "Problem",
        "created_at": "DateTime!",
        "ended_at": "DateTime",
    },
    "Problem": {
        "code": "String!",
        "message": "String!",
        "attempt": "Int",
    },
    "PageInfo": {
        "hasNextPage": "Boolean!",
        "hasPreviousPage": "Boolean!",
        "startCursor": "String",
        "endCursor": "String",
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
    "Member": {
        "user_id": "UUID!",
        "kind": "MemberKind!",
        "name": "String!",
        "email": "String!",
        "role": "String!",
        "since": "DateTime!",
    },
    "Role": {
        "name": "String!",
        "description": "String!",
        "permissions": "[String!]!",
        "built_in": "Boolean!",
        "version": "Int",
    },
    "Permission": {
        "name": "String!",
        "held": "Boolean!",
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
    "UserV2": {
        "id": "UUID!",
        "first_name": "String!",
        "last_name": "String!",
        "email": "String!",
        "created_at": "DateTime!",
    },
    "Address": {
        "email": "String!",
    },
    "IdentityChangeEmailInput": {
        "email": "String!",
    },
    "Confirmed": {
        "user_id": "UUID!",
    },
    "IdentityConfirmEmailInput": {
        "token": "String!",
    },
    "SignedIn": {
        "user_id": "UUID!",
        "token": "String!",
        "expires_at": "DateTime!",
    },
    "SecondFactor": {
        "second_factor": "String!",
        "methods": "[String!]!",
    },
    "IdentitySignInInput": {
        "email": "String!",
        "password": "String!",
    },
    "Done": {
        "success": "Boolean!",
    },
    "IdentityUnlinkIdentityInput": {
        "issuer": "String!",
        "subject": "String!",
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
    "IdentityCreateKeyInput": {
        "name": "String!",
        "scopes": "[String!]!",
        "days": "Int",
        "expires_at": "DateTime",
        "rate": "String",
    },
    "IdentityRenameKeyInput": {
        "id": "UUID!",
        "name": "String!",
    },
    "IdentityRevokeKeyInput": {
        "id": "UUID!",
    },
    "PasskeyOptions": {
        "options": "JSON!",
    },
    "IdentityAddPasskeyInput": {
        "name": "String!",
        "credential": "NewCredentialInput!",
    },
    "NewCredentialInput": {
        "id": "String!",
        "rawId": "String!",
        "type": "String!",
        "response": "CreationInput!",
    },
    "CreationInput": {
        "clientDataJSON": "String!",
        "attestationObject": "String!",
    },
    "IdentityRenamePasskeyInput": {
        "id": "UUID!",
        "name": "String!",
    },
    "IdentityRemovePasskeyInput": {
        "id": "UUID!",
    },
    "IdentitySignInByPasskeyInput": {
        "credential": "UsedCredentialInput!",
    },
    "UsedCredentialInput": {
        "id": "String!",
        "rawId": "String!",
        "type": "String!",
        "response": "AssertionInput!",
    },
    "AssertionInput": {
        "clientDataJSON": "String!",
        "authenticatorData": "String!",
        "signature": "String!",
        "userHandle": "String",
    },
    "NewToken": {
        "token": "String",
    },
    "IdentityConfirmByPasskeyInput": {
        "credential": "UsedCredentialInput!",
    },
    "IdentityConfirmPasswordInput": {
        "password": "String!",
    },
    "IdentityChangePasswordInput": {
        "current": "String!",
        "new": "String!",
    },
    "IdentityForgetPasswordInput": {
        "email": "String!",
    },
    "IdentityResetPasswordInput": {
        "token": "String!",
        "password": "String!",
    },
    "IdentityUpdateMeInput": {
        "name": "String",
        "last_name": "String",
        "version": "Int",
    },
    "SignedUp": {
        "email": "String!",
    },
    "IdentitySignUpInput": {
        "email": "String!",
        "password": "String!",
        "name": "String",
        "last_name": "String",
    },
    "IdentityVerifyEmailInput": {
        "token": "String!",
    },
    "IdentityResendVerificationInput": {
        "email": "String!",
    },
    "IdentityShowSecondFactorInput": {
        "ticket": "String!",
        "code": "String",
        "recovery_code": "String",
    },
    "IdentityEndSessionInput": {
        "id": "UUID!",
    },
    "EndedSessions": {
        "ended": "Int!",
    },
    "SecondFactorOn": {
        "recovery_codes": "[String!]!",
        "token": "String",
    },
    "IdentityConfirmTotpInput": {
        "code": "String!",
    },
    "RecoveryCodes": {
        "recovery_codes": "[String!]!",
    },
    "JobsRetryInput": {
        "id": "UUID!",
    },
    "JobsCancelInput": {
        "id": "UUID!",
    },
    "OrganizationsCreateInput": {
        "name": "String!",
        "slug": "String!",
        "timezone": "String",
    },
    "OrganizationsUpdateInput": {
        "id": "UUID!",
        "name": "String",
        "timezone": "String",
        "version": "Int",
    },
    "OrganizationsSwitchInput": {
        "id": "UUID!",
    },
    "OrganizationsDeleteInput": {
        "id": "UUID!",
    },
    "OrganizationsAcceptInvitationInput": {
        "token": "String!",
    },
    "OrganizationsDeclineInvitationInput": {
        "token": "String!",
    },
    "OrganizationsInviteInput": {
        "id": "UUID!",
        "email": "String!",
        "role": "String!",
    },
    "OrganizationsRevokeInvitationInput": {
        "id": "UUID!",
        "invitation_id": "UUID!",
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
    "OrganizationsCreateKeyInput": {
        "id": "UUID!",
        "name": "String!",
        "scopes": "[String!]!",
        "days": "Int",
        "expires_at": "DateTime",
        "rate": "String",
        "role": "String",
    },
    "OrganizationsRenameKeyInput": {
        "id": "UUID!",
        "key_id": "UUID!",
        "name": "String!",
    },
    "OrganizationsRevokeKeyInput": {
        "id": "UUID!",
        "key_id": "UUID!",
    },
    "OrganizationsChangeRoleInput": {
        "id": "UUID!",
        "user_id": "UUID!",
        "role": "String!",
    },
    "OrganizationsRemoveMemberInput": {
        "id": "UUID!",
        "user_id": "UUID!",
    },
    "OrganizationsLeaveInput": {
        "id": "UUID!",
    },
    "OrganizationsCreateRoleInput": {
        "id": "UUID!",
        "name": "String!",
        "description": "String",
        "permissions": "[String!]!",
    },
    "OrganizationsUpdateRoleInput": {
        "id": "UUID!",
        "name": "String!",
        "description": "String",
        "permissions": "[String!]",
        "version": "Int",
    },
    "OrganizationsDeleteRoleInput": {
        "id": "UUID!",
        "name": "String!",
    },
    "UsersCreateInput": {
        "first_name": "String",
        "last_name": "String",
        "email": "String!",
    },
    "UsersUpdateInput": {
        "id": "UUID!",
        "email_verified": "Boolean",
        "operator": "Boolean",
        "first_name": "String",
        "last_name": "String",
        "if_match": "String",
    },
    "UsersDeleteInput": {
        "id": "UUID!",
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
