-- Whoever another issuer vouches for: bearer tokens exchanged for sessions, sign-in at a provider, accounts linked to it.

-- Which of ours an issuer's organization is; without a line here, what its tokens say of organizations means nothing.
create table portico.linked_organizations (
  issuer text not null check (length(issuer) between 1 and 500),
  external_id text not null check (length(external_id) between 1 and 320),
  org_id uuid not null references portico.organizations (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (issuer, external_id)
);
create index linked_organizations_org_id_idx on portico.linked_organizations (org_id);

-- As of when a membership in a linked organization is as it is: a token issued before changes nothing.
create table portico.membership_changes (
  org_id uuid not null references portico.organizations (id) on delete cascade,
  user_id uuid not null references portico.users (id) on delete cascade,
  at timestamptz not null,
  primary key (user_id, org_id)
);
create index membership_changes_org_id_idx on portico.membership_changes (org_id);

-- Which token of its issuer a session is for. A signature can be spelled in other ways (ECDSA), and the token is the same.
alter table portico.sessions add column token_key bytea check (length(token_key) = 32);
create index sessions_token_key_idx on portico.sessions (token_key) where token_key is not null;

-- Tokens whose session was ended before they expire: they open no other.
create table portico.ended_tokens (
  token_key bytea primary key check (length(token_key) = 32),
  expires_at timestamptz not null
);
create index ended_tokens_expires_at_idx on portico.ended_tokens (expires_at);

do $$
declare t text;
begin
  foreach t in array array['linked_organizations', 'membership_changes', 'ended_tokens']
  loop
    execute format('alter table portico.%I enable row level security', t);
    execute format('alter table portico.%I force row level security', t);
    execute format('create policy house on portico.%I to portico_owner, portico_worker using (true) with check (true)', t);
  end loop;
end $$;
grant select, delete on portico.ended_tokens to portico_worker;
grant select on portico.linked_organizations, portico.membership_changes to portico_worker;

create function portico.note_membership_v1() returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into portico.membership_changes (org_id, user_id, at)
  select o.id, u.id, clock_timestamp()
    from portico.organizations o, portico.users u
   where o.id = coalesce(new.org_id, old.org_id) and u.id = coalesce(new.user_id, old.user_id)
     and exists (select from portico.linked_organizations l where l.org_id = o.id)
  on conflict (user_id, org_id) do update set at = excluded.at;
  return null;
end $$;
create trigger note_membership after insert or update or delete on portico.members
  for each row execute function portico.note_membership_v1();

create function portico.end_token_v1() returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into portico.ended_tokens (token_key, expires_at)
  select old.token_key, old.expires_at where old.expires_at > now() and old.token_key is not null
  on conflict do nothing;
  delete from portico.sessions s where s.token_key = old.token_key and s.id <> old.id;
  delete from portico.ended_tokens e
   where e.token_key in (select past.token_key from portico.ended_tokens past where past.expires_at <= now()
                           limit 50 for update skip locked);
  return null;
end $$;
create trigger end_token after delete or update of token_hash on portico.sessions
  for each row when (old.method = 'jwt') execute function portico.end_token_v1();

-- Whose account it is that an issuer speaks of: known by issuer and subject, else by an address that both have confirmed, else
-- new. An address that the issuer does not vouch for is nobody's: the new account gets one that no mail can reach. No account
-- where the address is that of one which cannot be joined; its owner signs in to it and links the issuer.
create function portico.account_of_v1(claims jsonb, out user_id uuid, out outcome text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  address text := case when (claims ->> 'email_verified')::boolean and claims ->> 'email' like '%_@_%' then claims ->> 'email' end;
begin
  -- Of two calls that meet somebody for the first time, the second waits here and finds what the first has made.
  perform pg_advisory_xact_lock(hashtextextended(claims ->> 'issuer' || ' ' || (claims ->> 'subject'), 0));
  update portico.identities i set last_used_at = now(), email = coalesce(claims ->> 'email', '')
   where i.issuer = claims ->> 'issuer' and i.subject = claims ->> 'subject'
  returning i.user_id into account_of_v1.user_id;
  if found then
    outcome := 'known';
    return;
  end if;
  insert into portico.users (email, name, email_verified_at)
  values (coalesce(address, portico.new_id() || '@accounts.invalid'), left(coalesce(claims ->> 'name', ''), 200),
          case when address is not null then now() end)
  on conflict (lower(email)) do nothing returning id into account_of_v1.user_id;
  outcome := 'new';
  if account_of_v1.user_id is null then
    select u.id into account_of_v1.user_id from portico.users u
     where lower(u.email) = lower(address) and u.kind = 'person' and u.email_verified_at is not null for key share;
    outcome := case when found then 'joined' else 'link first' end;
  end if;
  insert into portico.identities (issuer, subject, user_id, email)
  select claims ->> 'issuer', claims ->> 'subject', account_of_v1.user_id, coalesce(claims ->> 'email', '')
   where account_of_v1.user_id is not null;
end $$;

-- What a token says of an organization, where that is linked and the role is one that it has: newer word than what is there.
-- Returns the organization, whether or not anything was to be done. The last owner stays one.
create function portico.take_claim_v1(the_user uuid, claims jsonb) returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  said_at timestamptz := (claims ->> 'issued_at')::timestamptz;
  org uuid;
  own_role text;
begin
  select o.id into org
    from portico.linked_organizations l join portico.organizations o on o.id = l.org_id and o.deleted_at is null
   where l.issuer = claims ->> 'issuer' and l.external_id = claims ->> 'org';
  if org is null or claims ->> 'role' is null or said_at is null then
    return org;
  end if;
  if not (claims ->> 'role_is_ours')::boolean then
    select r.name into own_role from portico.roles r where r.org_id = org and r.name = claims ->> 'role' for share;
    if not found then
      return org;
    end if;
  end if;
  -- Whoever changes the membership meanwhile is waited for, and was later than this token.
  insert into portico.membership_changes (org_id, user_id, at) values (org, the_user, said_at)
  on conflict (user_id, org_id) do update set at = excluded.at where membership_changes.at < excluded.at;
  if not found then
    return org;
  end if;
  begin
    insert into portico.members (org_id, user_id, role, custom_role) values (org, the_user, claims ->> 'role', own_role)
    on conflict (user_id, org_id) do update set role = excluded.role, custom_role = excluded.custom_role
      where members.role <> excluded.role;
  exception when check_violation then
    null;
  end;
  -- The trigger has put down the present moment; a token issued between the two says what is newer still.
  update portico.membership_changes c set at = said_at where c.org_id = org and c.user_id = the_user;
  return org;
end $$;

-- A session for a token that was verified; as often as it is asked, there is one. The proof is over 'exchange', the token's
-- hash, and all that is said. Nothing comes of a token whose session was ended.
create function portico.exchange_v1(token_hash bytea, said text, proof bytea, out user_id uuid, out outcome text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  claims jsonb := said::jsonb;
  ends timestamptz := (claims ->> 'expires_at')::timestamptz;
  org uuid;
  goes_on boolean;
  named bytea := sha256(convert_to((claims ->> 'issuer') || ' ' || (claims ->> 'token_id'), 'UTF8'));
begin
  perform portico.demand_proof_v1(
    convert_to('exchange', 'UTF8') || exchange_v1.token_hash || convert_to(said, 'UTF8'), proof);
  perform pg_advisory_xact_lock(hashtextextended(encode(exchange_v1.token_hash, 'hex'), 0));
  select s.user_id, 'known' into exchange_v1.user_id, outcome
    from portico.sessions s where s.token_hash = exchange_v1.token_hash and s.expires_at > now();
  if found then
    return;
  elsif ends <= now() or exists (select from portico.ended_tokens e where e.token_key = named) then
    outcome := 'ended';
    return;
  end if;
  select a.user_id, a.outcome into exchange_v1.user_id, exchange_v1.outcome from portico.account_of_v1(claims) a;
  if exchange_v1.user_id is null then
    return;
  end if;
  org := portico.take_claim_v1(exchange_v1.user_id, claims);
  -- Some issuers' tokens last a minute: one after another from the same place is one sign-in, and leaves one session.
  goes_on := outcome = 'known' and exists (
    select from portico.sessions s
     where s.user_id = exchange_v1.user_id and s.method = 'jwt' and s.user_agent is not distinct from claims ->> 'user_agent'
       and s.ip_prefix = coalesce(claims ->> 'ip_prefix', ''));
  delete from portico.sessions s where s.user_id = exchange_v1.user_id and s.method = 'jwt' and s.expires_at <= now();
  insert into portico.sessions (user_id, token_hash, token_key, active_org, method, ip, ip_prefix, user_agent, device,
                                authenticated_at, expires_at, ends_at)
  values (
    exchange_v1.user_id, exchange_v1.token_hash, named,
    (select m.org_id from portico.members m join portico.organizations o on o.id = m.org_id and o.deleted_at is null
      where m.user_id = exchange_v1.user_id order by m.org_id = org desc nulls last, m.created_at, m.org_id limit 1),
    'jwt', claims ->> 'ip', coalesce(claims ->> 'ip_prefix', ''), claims ->> 'user_agent', coalesce(claims ->> 'device', ''),
    least((claims ->> 'authenticated_at')::timestamptz, case when claims ->> 'authenticated_at' is not null then now() end), ends, ends);
  insert into portico.audit (user_id, action, target, outcome, metadata, ip, user_agent, request_id)
  select exchange_v1.user_id, 'user.login', exchange_v1.user_id::text, 'done',
         jsonb_build_object('method', 'jwt', 'issuer', claims ->> 'issuer', 'account', exchange_v1.outcome),
         claims ->> 'ip', claims ->> 'user_agent', claims ->> 'request_id'
   where not goes_on;
end $$;

-- A browser sent to a provider. Those that never came back go, a few at a time.
create function portico.depart_v1(token_hash bytea, proof bytea, concerned uuid, data jsonb, expires_at timestamptz) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.issue_challenge_v1('oidc', depart_v1.token_hash, proof, concerned, depart_v1.data, depart_v1.expires_at);
  delete from portico.challenges c
   where c.token_hash in (select lost.token_hash from portico.challenges lost
                           where lost.purpose = 'oidc' and lost.expires_at <= now() limit 50 for update skip locked);
end $$;

-- Who signed in at a provider; the proof is over 'sign-in' and all that is said.
create function portico.identify_v1(said text, proof bytea, out user_id uuid, out outcome text, out second_factor boolean)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(convert_to('sign-in', 'UTF8') || convert_to(said, 'UTF8'), proof);
  select a.user_id, a.outcome, u.totp_since is not null into identify_v1.user_id, identify_v1.outcome, second_factor
    from portico.account_of_v1(said::jsonb) a left join portico.users u on u.id = a.user_id;
end $$;

-- Another way to sign in to the caller's account, unless it leads to somebody else's: whose it is.
create function portico.link_identity_v1(said text, proof bytea) returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  the_user uuid := nullif(current_setting('app.user', true), '')::uuid;
  claims jsonb := said::jsonb;
  owner uuid;
begin
  perform portico.demand_proof_v1(convert_to('link', 'UTF8') || uuid_send(the_user) || convert_to(said, 'UTF8'), proof);
  insert into portico.identities (issuer, subject, user_id, email)
  values (claims ->> 'issuer', claims ->> 'subject', the_user, coalesce(claims ->> 'email', ''))
  on conflict (issuer, subject) do update set last_used_at = identities.last_used_at
  returning user_id into owner;
  return owner;
end $$;

-- One way less to sign in to the caller's account, with the sessions that issuers have opened, except the one in hand; unless
-- there is no such way, or no other.
create function portico.unlink_identity_v1(issuer text, subject text, kept_session uuid) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  the_user uuid := nullif(current_setting('app.user', true), '')::uuid;
  has_password boolean;
begin
  -- Two that are unlinked at once wait for each other here.
  select u.password_hash is not null into has_password from portico.users u where u.id = the_user for no key update;
  perform from portico.identities i
    where i.user_id = the_user and i.issuer = unlink_identity_v1.issuer and i.subject = unlink_identity_v1.subject;
  if not found then
    return 'unknown';
  end if;
  if not has_password and not exists (select from portico.passkeys p where p.user_id = the_user)
     and (select count(*) from portico.identities i where i.user_id = the_user) = 1 then
    return 'last';
  end if;
  delete from portico.identities i where i.issuer = unlink_identity_v1.issuer and i.subject = unlink_identity_v1.subject;
  delete from portico.sessions s
   where s.user_id = the_user and s.method in ('oidc', 'jwt') and s.id is distinct from kept_session;
  return 'unlinked';
end $$;

revoke execute on function
  portico.note_membership_v1(),
  portico.end_token_v1(),
  portico.account_of_v1(jsonb),
  portico.take_claim_v1(uuid, jsonb),
  portico.exchange_v1(bytea, text, bytea),
  portico.depart_v1(bytea, bytea, uuid, jsonb, timestamptz),
  portico.identify_v1(text, bytea),
  portico.link_identity_v1(text, bytea),
  portico.unlink_identity_v1(text, text, uuid)
from public;
grant execute on function
  portico.exchange_v1(bytea, text, bytea),
  portico.depart_v1(bytea, bytea, uuid, jsonb, timestamptz),
  portico.identify_v1(text, bytea),
  portico.link_identity_v1(text, bytea),
  portico.unlink_identity_v1(text, text, uuid)
to portico_app;
