-- What providers have sent: each event once, under the provider's id of it; and how much of it was refused.
-- The body stays as it came until it was handled and is past its time; a job that handles one reads it here.
create table portico.inbox (
  id uuid primary key,
  inbox text not null check (length(inbox) between 1 and 200),
  event text not null check (length(event) between 1 and 255),
  kind text not null check (length(kind) between 1 and 200),
  body bytea,
  handler text,                         -- the job; null: nobody handles events of this kind
  request_id text not null,
  received_at timestamptz not null,
  repeated integer not null default 0,  -- how often the provider has sent it again
  handled_at timestamptz,
  constraint inbox_event_key unique (inbox, event)
);
create index inbox_received_at_idx on portico.inbox (received_at);
create index jobs_event_id_idx on portico.jobs (event_id) where event_id is not null;

create table portico.inbox_refusals (
  inbox text not null,
  day date not null,
  reason text not null check (reason in ('missing', 'forged', 'stale', 'future')),
  refused bigint not null default 1,
  last_at timestamptz not null,
  primary key (inbox, day, reason)
);

do $$
declare t text;
begin
  foreach t in array array['inbox', 'inbox_refusals']
  loop
    execute format('alter table portico.%I enable row level security', t);
    execute format('alter table portico.%I force row level security', t);
    execute format('create policy house on portico.%I to portico_owner, portico_worker using (true) with check (true)', t);
  end loop;
end $$;
grant select on portico.inbox to portico_worker;
