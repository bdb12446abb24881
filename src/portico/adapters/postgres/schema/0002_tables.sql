-- Identity and organizations in full: what a person can do to an account, and who belongs where.
alter table portico.users
  add column kind text not null default 'person' check (kind in ('person', 'service')),
  add column last_name text not null default '' check (length(last_name) <= 200),
  add column operator boolean not null default false,
  add column email_verified_at timestamptz,
  add column password_changed_at timestamptz,
  add column totp_secret bytea,
  add column totp_since timestamptz,
  add column totp_step bigint not null default 0,
  add column version integer not null default 1;
-- Who was registered before addresses were verified keeps the account.
update portico.users set email_verified_at = created_at;

alter table portico.organizations add column deleted_at timestamptz;
drop index portico.organizations_slug_key;
create unique index organizations_slug_key on portico.organizations (slug) where deleted_at is null;

-- Roles of an organization's own making; the built-in ones and the application's stand in its code.
create table portico.roles (
  org_id uuid not null references portico.organizations (id) on delete cascade,
  name text not null check (name ~ '^[a-z][a-z0-9-]{0,62}$'),
  description text not null default '' check (length(description) <= 500),
  permissions text[] not null check (cardinality(permissions) between 1 and 200),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  primary key (org_id, name)
);

alter table portico.members
  add column custom_role text,
  add constraint members_custom_role_is_role check (custom_role = role),
  add constraint members_custom_role_fkey foreign key (org_id, custom_role) references portico.roles (org_id, name);
create index members_custom_role_idx on portico.members (org_id, custom_role);

-- `expires_at` moves on as the session is used, never past `ends_at`; `authenticated_at` is when a password or key was last shown.
alter table portico.sessions
  add column method text not null default 'password' check (method in ('password', 'oidc', 'passkey', 'jwt')),
  add column device text not null default '' check (length(device) <= 200),
  add column ip_prefix text not null default '' check (length(ip_prefix) <= 60),
  add column authenticated_at timestamptz,
  add column last_used_at timestamptz not null default now(),
  add column ends_at timestamptz not null default now() + interval '90 days',
  add column drift text,
  add column drifted_at timestamptz;

-- What is sent out once and taken back once: links in mails, second factors, states of a sign-in elsewhere. Only hashes are kept.
create table portico.challenges (
  token_hash bytea primary key check (length(token_hash) = 32),
  purpose text not null check (length(purpose) between 1 and 40),
  user_id uuid references portico.users (id) on delete cascade,
  data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index challenges_user_id_idx on portico.challenges (user_id);
create index challenges_expires_at_idx on portico.challenges using brin (expires_at);

create table portico.recovery_codes (
  user_id uuid not null references portico.users (id) on delete cascade,
  code_hash bytea not null check (length(code_hash) = 32),
  primary key (user_id, code_hash)
);

create table portico.passkeys (
  id uuid primary key default portico.new_id(),
  user_id uuid not null default nullif(current_setting('app.user', true), '')::uuid references portico.users (id) on delete cascade,
  credential_id bytea not null unique check (length(credential_id) <= 1023),
  public_key bytea not null,
  sign_count bigint not null default 0,
  name text not null check (length(name) between 1 and 100),
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index passkeys_user_id_idx on portico.passkeys (user_id);

-- Who somebody is at another issuer (OpenID Connect).
create table portico.identities (
  issuer text not null check (length(issuer) <= 500),
  subject text not null check (length(subject) between 1 and 255),
  user_id uuid not null references portico.users (id) on delete cascade,
  email text not null default '' check (length(email) <= 320),
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  primary key (issuer, subject)
);
create index identities_user_id_idx on portico.identities (user_id);

-- A key acts as `user_id`: the person whose it is, or the service member of the organization whose it is.
create table portico.api_keys (
  id uuid primary key default portico.new_id(),
  key_hash bytea not null unique check (length(key_hash) = 32),
  hint text not null check (length(hint) <= 20),
  name text not null check (length(name) between 1 and 100),
  user_id uuid not null references portico.users (id) on delete cascade,
  org_id uuid references portico.organizations (id) on delete cascade,
  scopes text[] not null check (cardinality(scopes) between 1 and 200),
  rate text check (length(rate) <= 20),
  created_by uuid default nullif(current_setting('app.user', true), '')::uuid references portico.users (id) on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz
);
create index api_keys_user_id_idx on portico.api_keys (user_id);
create index api_keys_org_id_idx on portico.api_keys (org_id);
create index api_keys_created_by_idx on portico.api_keys (created_by);

create table portico.invitations (
  id uuid primary key default portico.new_id(),
  org_id uuid not null default nullif(current_setting('app.org', true), '')::uuid references portico.organizations (id) on delete cascade,
  email text not null check (length(email) <= 320),
  role text not null check (length(role) between 1 and 64),
  custom_role text,
  token_hash bytea not null unique check (length(token_hash) = 32),
  invited_by uuid default nullif(current_setting('app.user', true), '')::uuid references portico.users (id) on delete set null,
  status text not null default 'open' check (status in ('open', 'accepted', 'declined', 'revoked')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint invitations_custom_role_fkey foreign key (org_id, custom_role) references portico.roles (org_id, name)
);
create unique index invitations_open_key on portico.invitations (org_id, lower(email)) where status = 'open';
create index invitations_invited_by_idx on portico.invitations (invited_by);
create index invitations_custom_role_idx on portico.invitations (org_id, custom_role);

do $$
declare t text;
begin
  foreach t in array array['roles', 'challenges', 'recovery_codes', 'passkeys', 'identities', 'api_keys', 'invitations']
  loop
    execute format('alter table portico.%I enable row level security', t);
    execute format('alter table portico.%I force row level security', t);
    execute format('create policy house on portico.%I to portico_owner, portico_worker using (true) with check (true)', t);
  end loop;
end $$;

-- One's own: sessions, passkeys, identities elsewhere, keys. Challenges and recovery codes are the functions' alone.
create policy self on portico.sessions to portico_app
  using (user_id = nullif((select current_setting('app.user', true)), '')::uuid)
  with check (user_id = nullif((select current_setting('app.user', true)), '')::uuid);
create policy self on portico.passkeys to portico_app
  using (user_id = nullif((select current_setting('app.user', true)), '')::uuid)
  with check (user_id = nullif((select current_setting('app.user', true)), '')::uuid);
create policy self on portico.identities to portico_app
  using (user_id = nullif((select current_setting('app.user', true)), '')::uuid)
  with check (user_id = nullif((select current_setting('app.user', true)), '')::uuid);
-- A personal key is its user's; an organization's key is the organization's, in it alone.
create policy self on portico.api_keys to portico_app
  using (org_id is null and user_id = nullif((select current_setting('app.user', true)), '')::uuid)
  with check (org_id is null and user_id = nullif((select current_setting('app.user', true)), '')::uuid);
create policy tenant on portico.api_keys to portico_app
  using (org_id = nullif((select current_setting('app.org', true)), '')::uuid)
  with check (org_id = nullif((select current_setting('app.org', true)), '')::uuid);
create policy tenant on portico.roles to portico_app
  using (org_id = nullif((select current_setting('app.org', true)), '')::uuid)
  with check (org_id = nullif((select current_setting('app.org', true)), '')::uuid);
create policy tenant on portico.invitations to portico_app
  using (org_id = nullif((select current_setting('app.org', true)), '')::uuid)
  with check (org_id = nullif((select current_setting('app.org', true)), '')::uuid);
-- Operators see every account, where the gate was asked for it and has found them to be one.
create policy operators on portico.users to portico_app
  using ((select current_setting('app.operator', true)) = 'on') with check ((select current_setting('app.operator', true)) = 'on');

grant select (id, user_id, active_org, ip, user_agent, method, device, ip_prefix, created_at, authenticated_at, last_used_at,
              expires_at, ends_at, drift, drifted_at), delete on portico.sessions to portico_app;
grant select (id, user_id, name, created_at, last_used_at, credential_id, public_key, sign_count),
      update (name), delete on portico.passkeys to portico_app;
grant select, delete on portico.identities to portico_app;
grant select (id, hint, name, user_id, org_id, scopes, rate, created_by, created_at, expires_at, last_used_at),
      update (name), delete on portico.api_keys to portico_app;
grant select, insert (name, description, permissions, org_id), update (description, permissions, version), delete on portico.roles to portico_app;
grant select (id, org_id, email, role, custom_role, invited_by, status, created_at, expires_at),
      insert (id, email, role, custom_role, token_hash, expires_at), update (status, token_hash, expires_at), delete on portico.invitations to portico_app;
grant update (role, custom_role), delete on portico.members to portico_app;
grant select (kind, last_name, operator, email_verified_at, password_changed_at, totp_since, version),
      update (last_name, version), delete on portico.users to portico_app;
grant select, insert, update, delete on portico.challenges to portico_worker;
grant select on portico.roles, portico.invitations, portico.api_keys, portico.passkeys, portico.identities to portico_worker;

-- An organization keeps at least one owner, whichever way the last one would go: two who leave at once wait for each other here.
create function portico.keep_an_owner() returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE' and new.role = 'owner' and new.org_id = old.org_id then
    return null;
  end if;
  perform from portico.organizations o where o.id = old.org_id and o.deleted_at is null for no key update;
  if found and not exists (select from portico.members m where m.org_id = old.org_id and m.role = 'owner') then
    raise check_violation using constraint = 'members_last_owner', message = 'an organization keeps at least one owner';
  end if;
  return null;
end $$;
create trigger keep_an_owner after update or delete on portico.members
  for each row when (old.role = 'owner') execute function portico.keep_an_owner();
revoke execute on function portico.keep_an_owner() from public;
