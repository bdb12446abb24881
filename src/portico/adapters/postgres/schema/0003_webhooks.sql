-- Outgoing webhooks: where an organization wants to be told, what is told, and how every delivery went.
create table portico.webhook_endpoints (
  org_id uuid not null references portico.organizations (id) on delete cascade,
  id uuid not null,
  url text not null check (length(url) between 1 and 2000),
  description text not null default '' check (length(description) <= 500),
  events text[] not null check (cardinality(events) between 1 and 100),
  enabled boolean not null default true,
  plain_headers boolean not null default false,
  at_once smallint not null default 1 check (at_once between 1 and 10),
  secret bytea not null,                -- sealed, as the former one is
  former_secret bytea,
  former_until timestamptz,             -- both sign until then
  version integer not null default 1,
  created_by uuid references portico.users (id) on delete set null,
  created_at timestamptz not null default now(),
  failures integer not null default 0,  -- deliveries that were given up, one after another
  stopped text check (stopped in ('gone', 'failing')),
  stopped_at timestamptz,
  due_at timestamptz,                   -- when the next of its deliveries is due, at the latest
  lease uuid,                           -- its deliveries are in one worker's hands at a time
  leased_until timestamptz,
  primary key (org_id, id)
);
create index webhook_endpoints_due_idx on portico.webhook_endpoints (due_at) where due_at is not null;
create index webhook_endpoints_created_by_idx on portico.webhook_endpoints (created_by);

-- An event as it is sent, the same to every endpoint and in every attempt; its id is the event's.
create table portico.webhook_messages (
  org_id uuid not null references portico.organizations (id) on delete cascade,
  id uuid not null,
  event text not null check (length(event) between 1 and 200),
  body text not null,
  sample boolean not null default false,  -- an example that somebody has sent to try an endpoint
  at timestamptz not null,
  primary key (org_id, id)
);
create index webhook_messages_at_idx on portico.webhook_messages (at);

create table portico.webhook_deliveries (
  org_id uuid not null,
  id uuid not null default portico.new_id(),
  seq bigint generated always as identity,
  endpoint_id uuid not null,
  message_id uuid not null,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'failed')),
  due_at timestamptz not null,
  tries smallint not null default 0,    -- since it was last asked for
  attempts integer not null default 0,  -- in all
  status smallint,                      -- of the last answer
  problem text,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (org_id, id),
  constraint webhook_deliveries_once unique (org_id, endpoint_id, message_id),
  foreign key (org_id, endpoint_id) references portico.webhook_endpoints (org_id, id) on delete cascade,
  foreign key (org_id, message_id) references portico.webhook_messages (org_id, id) on delete cascade
);
create index webhook_deliveries_message_idx on portico.webhook_deliveries (org_id, message_id);
create index webhook_deliveries_endpoint_idx on portico.webhook_deliveries (org_id, endpoint_id, id);
create index webhook_deliveries_seq_idx on portico.webhook_deliveries (org_id, endpoint_id, seq) where state = 'waiting';
create index webhook_deliveries_due_idx on portico.webhook_deliveries (org_id, endpoint_id, due_at) where state = 'waiting';

create table portico.webhook_attempts (
  org_id uuid not null,
  delivery_id uuid not null,
  attempt integer not null,
  at timestamptz not null,
  status smallint,                      -- null where there was no answer
  problem text check (length(problem) <= 500),
  answer text not null default '' check (length(answer) <= 1000),
  milliseconds integer not null check (milliseconds >= 0),
  next_at timestamptz,                  -- when the next one is due, if there is to be one
  primary key (org_id, delivery_id, attempt),
  foreign key (org_id, delivery_id) references portico.webhook_deliveries (org_id, id) on delete cascade
);

do $$
declare t text;
begin
  foreach t in array array['webhook_endpoints', 'webhook_messages', 'webhook_deliveries', 'webhook_attempts']
  loop
    execute format('alter table portico.%I enable row level security', t);
    execute format('alter table portico.%I force row level security', t);
    execute format('create policy house on portico.%I to portico_owner, portico_worker using (true) with check (true)', t);
    execute format(
      'create policy tenant on portico.%I to portico_app '
      'using (org_id = nullif((select current_setting(''app.org'', true)), '''')::uuid) '
      'with check (org_id = nullif((select current_setting(''app.org'', true)), '''')::uuid)', t);
  end loop;
end $$;
grant select,
      insert (org_id, id, url, description, events, plain_headers, at_once, secret, created_by),
      update (url, description, events, enabled, plain_headers, at_once, secret, former_secret, former_until, version),
      delete on portico.webhook_endpoints to portico_app;
grant select, insert on portico.webhook_messages to portico_app;
grant select, insert (org_id, id, endpoint_id, message_id, due_at),
      update (state, due_at, tries, ended_at) on portico.webhook_deliveries to portico_app;
grant select on portico.webhook_attempts to portico_app;
