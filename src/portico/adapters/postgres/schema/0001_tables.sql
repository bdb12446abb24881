-- The framework's own tables, in a schema of their own, all under forced row level security.
create schema portico;
grant usage on schema portico to portico_app, portico_worker, portico_reader;

-- UUIDv7 (RFC 9562): sorts by time, made by PostgreSQL 15 and later alike.
create function portico.new_id() returns uuid
language sql volatile parallel safe
as $$
  select encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
              placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1), 'hex')::uuid
$$;

-- The key (as the two pads of HMAC, RFC 2104) that proves an in-process caller to the gate; one row, for the owner alone.
create table portico.proof_key (
  one boolean primary key default true check (one),
  inner_pad bytea not null check (length(inner_pad) = 64),
  outer_pad bytea not null check (length(outer_pad) = 64)
);

create table portico.users (
  id uuid primary key default portico.new_id(),
  email text not null check (length(email) <= 320),
  name text not null default '' check (length(name) <= 200),
  password_hash text,
  created_at timestamptz not null default now()
);
create unique index users_email_key on portico.users (lower(email));

create table portico.organizations (
  id uuid primary key default portico.new_id(),
  name text not null check (length(name) between 1 and 200),
  slug text not null check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  plan text not null default 'free',
  timezone text not null default 'UTC' check (length(timezone) <= 64),
  version integer not null default 1,
  created_by uuid references portico.users (id) on delete set null,
  created_at timestamptz not null default now()
);
create unique index organizations_slug_key on portico.organizations (slug);
create index organizations_created_by_idx on portico.organizations (created_by);

create table portico.members (
  org_id uuid not null references portico.organizations (id) on delete cascade,
  user_id uuid not null references portico.users (id) on delete cascade,
  role text not null check (length(role) between 1 and 64),
  created_at timestamptz not null default now(),
  primary key (user_id, org_id)
);
create index members_org_id_idx on portico.members (org_id);

-- Only the SHA-256 of a session's token is kept.
create table portico.sessions (
  token_hash bytea primary key check (length(token_hash) = 32),
  id uuid not null default portico.new_id() unique,
  user_id uuid not null references portico.users (id) on delete cascade,
  active_org uuid references portico.organizations (id) on delete set null,
  ip text,
  user_agent text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_user_id_idx on portico.sessions (user_id);
create index sessions_active_org_idx on portico.sessions (active_org);

-- digest = SHA-256 of principal, organization and key: the unique index decides who was first.
create table portico.idempotency (
  digest bytea primary key,
  fingerprint bytea not null,
  status smallint not null,
  headers text not null,
  body bytea not null,
  expires_at timestamptz not null
);
create index idempotency_expires_at_idx on portico.idempotency using brin (expires_at);

create table portico.audit (
  id bigint generated always as identity,
  at timestamptz not null default clock_timestamp(),
  org_id uuid,
  user_id uuid,
  action text not null,
  target text,
  outcome text not null check (outcome in ('done', 'denied', 'failed')),
  metadata jsonb not null default '{}',
  ip text,
  user_agent text,
  request_id text not null
);
create unique index audit_org_id_idx on portico.audit (org_id, id);

-- Events wait here for their relay; (xid, id) is the order in which they may be read (FIFO below the oldest open transaction).
create table portico.outbox (
  id bigint generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  org_id uuid,
  name text not null,
  data jsonb not null,
  at timestamptz not null default clock_timestamp(),
  primary key (xid, id)
);

do $$
declare t text;
begin
  foreach t in array array['proof_key', 'users', 'organizations', 'members', 'sessions', 'idempotency', 'audit', 'outbox']
  loop
    execute format('alter table portico.%I enable row level security', t);
    execute format('alter table portico.%I force row level security', t);
    execute format('create policy house on portico.%I to portico_owner, portico_worker using (true) with check (true)', t);
  end loop;
end $$;
revoke all on portico.proof_key from portico_worker;

-- What the running application may see: its organization, itself, its fellow members, its organization's history.
create policy tenant on portico.organizations to portico_app, portico_reader
  using (id = nullif((select current_setting('app.org', true)), '')::uuid)
  with check (id = nullif((select current_setting('app.org', true)), '')::uuid);
create policy self on portico.users to portico_app
  using (id = nullif((select current_setting('app.user', true)), '')::uuid)
  with check (id = nullif((select current_setting('app.user', true)), '')::uuid);
create policy tenant on portico.members to portico_app, portico_reader
  using (org_id = nullif((select current_setting('app.org', true)), '')::uuid)
  with check (org_id = nullif((select current_setting('app.org', true)), '')::uuid);
create policy tenant on portico.audit for select to portico_app, portico_reader
  using (org_id = nullif((select current_setting('app.org', true)), '')::uuid);

grant select, update (name, slug, timezone, version) on portico.organizations to portico_app;
grant select (id, email, name, created_at), update (name) on portico.users to portico_app;
grant select on portico.members to portico_app;
grant select on portico.audit to portico_app;
grant select on portico.organizations, portico.members, portico.audit to portico_reader;
grant select, insert, update, delete on portico.idempotency, portico.outbox, portico.sessions to portico_worker;
grant select on portico.users, portico.organizations, portico.members, portico.audit to portico_worker;
revoke execute on function portico.new_id() from public;
grant execute on function portico.new_id() to portico_owner, portico_app, portico_worker;
