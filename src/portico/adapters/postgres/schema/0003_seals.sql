-- Seals over the audit, made by a job with a key that the database does not know. Each is over records of one organization
-- (all zeros: of none) and stands on the one before. They stay as they were written, as the audit does.
create table portico.audit_seals (
  chain uuid not null,
  number bigint not null check (number > 0),
  previous bytea not null check (length(previous) = 32),
  kind text not null check (kind in ('rows', 'checkpoint')),
  ids bigint[] not null,
  macs bytea not null,
  first_id bigint generated always as (ids[1]) stored,
  last_id bigint generated always as (ids[cardinality(ids)]) stored,
  records integer generated always as (cardinality(ids)) stored,
  upto_xid bigint not null,
  upto_id bigint not null,
  through bigint not null default 0,
  key_id text not null,
  sealed_at timestamptz not null,
  hash bytea not null check (length(hash) = 32),
  primary key (chain, number)
);
create index audit_seals_sealed_at_idx on portico.audit_seals (sealed_at);

-- How far sealing has come: everything that was written up to there is under a seal.
create table portico.audit_sealing (
  one boolean primary key default true check (one),
  xid bigint not null,
  id bigint not null
);

-- Records are sealed in the order of their transactions, below the oldest that is open: one that was numbered early and
-- committed late comes later and is not left out. What was written before this revision comes first.
alter table portico.audit add column xid bigint not null default 0;
alter table portico.audit alter column xid set default (pg_current_xact_id()::text::bigint);
create index audit_xid_idx on portico.audit using brin (xid);

do $$
declare t text;
begin
  foreach t in array array['audit_seals', 'audit_sealing']
  loop
    execute format('alter table portico.%I enable row level security', t);
    execute format('alter table portico.%I force row level security', t);
    execute format('create policy house on portico.%I to portico_owner, portico_worker using (true) with check (true)', t);
  end loop;
end $$;
create policy tenant on portico.audit_seals for select to portico_app
  using (chain = nullif((select current_setting('app.org', true)), '')::uuid);
grant select on portico.audit_seals, portico.audit_sealing to portico_worker;
grant select (chain, number, kind, first_id, last_id, records, hash, sealed_at) on portico.audit_seals to portico_app;
create trigger keep_the_seals before update or delete or truncate on portico.audit_seals
  for each statement execute function portico.keep_the_audit();
