-- How much an organization has of each resource that its plan limits. Counted by the close of the calls that change it.
create table portico.usage (
  org_id uuid not null references portico.organizations (id) on delete cascade,
  resource text not null check (resource ~ '^[a-z][a-z0-9_-]{0,62}$'),
  used bigint not null check (used >= 0),
  primary key (org_id, resource)
);
alter table portico.usage enable row level security;
alter table portico.usage force row level security;
create policy house on portico.usage to portico_owner, portico_worker using (true) with check (true);
create policy tenant on portico.usage to portico_app
  using (org_id = nullif((select current_setting('app.org', true)), '')::uuid)
  with check (org_id = nullif((select current_setting('app.org', true)), '')::uuid);
grant select on portico.usage to portico_app;
grant select, insert, update, delete on portico.usage to portico_worker;
