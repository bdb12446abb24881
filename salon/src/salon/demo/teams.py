"""What the pages of an account and of an organization show besides people: a role, invitations, keys, a lost phone."""

import json
import secrets
from collections.abc import Mapping
from uuid import UUID

import asyncpg

FRONT_DESK = (
    "front-desk",
    "Answers the phone and books, but changes neither prices nor people.",
    ["appointments:*", "customers:*", "members:read", "organizations:read", "services:read", "staff:read"],
)
ROLE = """
    insert into portico.roles (org_id, name, description, permissions) values ($1, $2, $3, $4)
    on conflict (org_id, name) do nothing
"""
# Nobody knows the token that would answer it, as nobody knows those of the keys.
INVITATION = """
    insert into portico.invitations (org_id, email, role, custom_role, token_hash, invited_by, expires_at)
    select $1, $2, $3, (select r.name from portico.roles r where r.org_id = $1 and r.name = $3), $4, u.id,
           now() + interval '7 days'
      from portico.users u where u.email = $5
    on conflict (org_id, lower(email)) where status = 'open' do nothing
"""
PHONE = """
    insert into portico.sessions (token_hash, user_id, active_org, device, ip_prefix, drift,
                                  created_at, last_used_at, expires_at)
    select $1, u.id, $2, 'Firefox on Android', '203.0.113.0/24', $3,
           now() - interval '9 days', now() - interval '2 days', now() + interval '12 days'
      from portico.users u
     where u.email = $4
       and not exists (select from portico.sessions s where s.user_id = u.id and s.device = 'Firefox on Android')
"""
KEY = """
    insert into portico.api_keys (key_hash, hint, name, user_id, scopes, expires_at)
    select $1, 'pk_pri…list', $2, u.id, $3, now() + interval '90 days' from portico.users u
     where u.email = $4 and not exists (select from portico.api_keys k where k.user_id = u.id)
"""
DRIFT = [{"device": "Chrome on Windows", "place": "198.51.100.0/24", "at": "2026-11-18T08:30:00Z", "refused": False}]


async def make_roles(connection: asyncpg.Connection, organizations: Mapping[str, UUID]) -> None:
    """The role that one business has made for itself."""
    await connection.execute(ROLE, organizations["kastanie.example"], *FRONT_DESK)


async def furnish(connection: asyncpg.Connection, organizations: Mapping[str, UUID]) -> None:
    """Open invitations, a phone that is signed in, a key; what is there already stays."""
    org, owner = organizations["kastanie.example"], "owner@kastanie.example"
    for email, role in (("emil.gruber@kastanie.example", "member"), ("selin.kaya@kastanie.example", "front-desk")):
        await connection.execute(INVITATION, org, email, role, secrets.token_bytes(32), owner)
    await connection.execute(PHONE, secrets.token_bytes(32), org, json.dumps(DRIFT), owner)
    scopes = ["appointments:read", "services:read"]
    await connection.execute(KEY, secrets.token_bytes(32), "Price list on our site", scopes, owner)
