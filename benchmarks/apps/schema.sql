-- The peers' database: one schema for all of them, so that PostgreSQL does the same work for each.
-- bench_owner owns it; bench_app runs the servers, owns nothing and is under forced row level security.
set role bench_owner;

create table organizations (
  id uuid primary key,
  name text not null,
  slug text not null unique
);

create table users (
  id uuid primary key,
  email text not null unique,
  name text not null,
  created_at timestamptz not null default now()
);

-- Only the SHA-256 of a session's token is kept.
create table sessions (
  token_hash bytea primary key,
  user_id uuid not null references users (id),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

create table memberships (
  user_id uuid not null references users (id),
  org_id uuid not null references organizations (id),
  role text not null,
  primary key (user_id, org_id)
);

create table customers (
  org_id uuid not null references organizations (id),
  id uuid not null default uuidv7(),
  name text not null,
  email text not null,
  primary key (org_id, id)
);

create table services (
  org_id uuid not null references organizations (id),
  id uuid not null default uuidv7(),
  name text not null,
  minutes integer not null check (minutes > 0),
  primary key (org_id, id)
);

-- The number is unique over all organizations: it leads the range that keeps bookings apart.
create table staff (
  org_id uuid not null references organizations (id),
  id uuid not null default uuidv7(),
  number bigint not null unique,
  name text not null,
  primary key (org_id, id)
);

create table appointments (
  org_id uuid not null references organizations (id),
  id uuid not null default uuidv7(),
  customer_id uuid not null,
  service_id uuid not null,
  staff_id uuid not null,
  scheduled_at timestamptz not null,
  ends_at timestamptz not null,
  slot int8range not null,
  status text not null default 'booked' check (status in ('booked', 'cancelled')),
  notes text not null default '' check (length(notes) <= 500),
  version integer not null default 1,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, customer_id) references customers (org_id, id),
  foreign key (org_id, service_id) references services (org_id, id),
  foreign key (org_id, staff_id) references staff (org_id, id),
  constraint appointments_no_overlap exclude using gist (slot with &&) where (status = 'booked')
);
create index appointments_list_idx on appointments (org_id, scheduled_at, id);

create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  org_id uuid not null,
  user_id uuid not null,
  action text not null,
  target text not null,
  ip text,
  user_agent text,
  request_id text not null
);
create index audit_log_org_id_idx on audit_log (org_id, id);

create table outbox (
  id bigint generated always as identity primary key,
  org_id uuid not null,
  name text not null,
  payload jsonb not null,
  created_at timestamptz not null default clock_timestamp()
);

-- The primary key decides who was first; status, location and body are what a replay answers.
create table idempotency_keys (
  org_id uuid not null,
  user_id uuid not null,
  key text not null check (length(key) <= 255),
  fingerprint bytea not null,
  status smallint,
  location text,
  body text,
  created_at timestamptz not null default now(),
  primary key (org_id, user_id, key)
);

do $$
declare t text;
begin
  foreach t in array array['customers', 'services', 'staff', 'appointments', 'audit_log', 'outbox', 'idempotency_keys']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy tenant on %I to bench_app
      using (org_id = nullif((select current_setting(''app.org'', true)), '''')::uuid)
      with check (org_id = nullif((select current_setting(''app.org'', true)), '''')::uuid)', t);
  end loop;
end $$;

grant select on organizations, users, sessions, memberships, customers, services, staff to bench_app;
grant select, insert, update on appointments, idempotency_keys to bench_app;
grant select, insert on audit_log, outbox to bench_app;

reset role;
