-- What operators have set of the application's feature flags; the application declares which there are, and what holds of
-- those that are not here.
create table portico.flags (
  name text primary key check (name ~ '^[a-z][a-z0-9-]{0,62}$'),
  state text not null check (state in ('off', 'on', 'killed')),
  percentage double precision not null default 100 check (percentage between 0 and 100),
  by text not null default 'user' check (by in ('user', 'org')),
  users uuid[] not null default '{}' check (cardinality(users) <= 1000),
  orgs uuid[] not null default '{}' check (cardinality(orgs) <= 1000),
  changed_at timestamptz not null default now()
);
-- Another word whenever a flag is changed, for processes to see that by one look.
create table portico.flags_changed (
  single boolean primary key default true check (single),
  version text not null
);
alter table portico.flags enable row level security;
alter table portico.flags force row level security;
alter table portico.flags_changed enable row level security;
alter table portico.flags_changed force row level security;
create policy house on portico.flags to portico_owner, portico_worker using (true) with check (true);
create policy house on portico.flags_changed to portico_owner, portico_worker using (true) with check (true);
create policy operators on portico.flags to portico_app
  using ((select current_setting('app.operator', true)) = 'on') with check ((select current_setting('app.operator', true)) = 'on');
grant select, insert, update, delete on portico.flags to portico_app;

create function portico.note_flags_changed() returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into portico.flags_changed (version) values (gen_random_uuid()::text)
  on conflict (single) do update set version = excluded.version;
  return null;
end $$;
create trigger note_flags_changed after insert or update or delete on portico.flags
  for each statement execute function portico.note_flags_changed();
revoke execute on function portico.note_flags_changed() from public;
