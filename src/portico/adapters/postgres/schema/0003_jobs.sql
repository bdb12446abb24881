-- Background work: jobs, when the scheduled ones are due again, and how far each listener has read the outbox.
-- A job that is done is deleted: what stands here waits, runs, or has failed for good.
create table portico.jobs (
  id uuid primary key,
  seq bigint generated always as identity,
  name text not null check (length(name) between 1 and 200),
  input jsonb not null,                 -- an object; a string is a sealed one
  org_id uuid,
  user_id uuid,
  key text check (length(key) between 1 and 200),
  lane text,                            -- jobs of a lane run one after another, in the order in which they came
  priority smallint not null default 2 check (priority between 1 and 3),
  state text not null default 'waiting' check (state in ('waiting', 'held', 'running', 'dead', 'cancelled')),
  due_at timestamptz not null,
  attempt smallint not null default 0,
  attempts smallint not null default 5 check (attempts between 1 and 100),
  event_id uuid,
  request_id text not null,
  locale text not null default 'en',
  lease uuid,
  leased_until timestamptz,
  worker text,
  problem jsonb,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
create index jobs_org_id_idx on portico.jobs (org_id, id);
create index jobs_due_idx on portico.jobs (priority, due_at, seq) where state = 'waiting';
create index jobs_leased_until_idx on portico.jobs (leased_until) where state = 'running';
create index jobs_ended_at_idx on portico.jobs (ended_at) where state in ('dead', 'cancelled');
create index jobs_lane_idx on portico.jobs (lane, seq) where lane is not null and state in ('waiting', 'held', 'running');
-- One job waits under a key; one that runs already may be followed by another.
create unique index jobs_key on portico.jobs (name, org_id, key) nulls not distinct where state = 'waiting' and key is not null;

create table portico.schedules (
  name text primary key,
  cron text not null,
  due_at timestamptz not null
);

create table portico.event_cursors (
  consumer text primary key check (length(consumer) between 1 and 200),
  xid xid8 not null,
  id bigint not null,
  served_at timestamptz not null default now()
);
alter table portico.outbox
  add column event_id uuid not null default portico.new_id(),
  add column audience uuid[];           -- of an event of no organization: those whose webhook endpoints are told
create index outbox_at_idx on portico.outbox using brin (at);

do $$
declare t text;
begin
  foreach t in array array['jobs', 'schedules', 'event_cursors']
  loop
    execute format('alter table portico.%I enable row level security', t);
    execute format('alter table portico.%I force row level security', t);
    execute format('create policy house on portico.%I to portico_owner, portico_worker using (true) with check (true)', t);
  end loop;
end $$;
-- Operators see jobs over HTTP, but not by which lease a worker holds one; what they change goes by functions.
create policy operators on portico.jobs for select to portico_app
  using ((select current_setting('app.operator', true)) = 'on');
grant select (id, name, input, org_id, user_id, key, lane, priority, state, due_at, attempt, attempts, event_id, request_id,
              worker, leased_until, problem, created_at, ended_at) on portico.jobs to portico_app;
