-- Drafts: what a wizard has saved so far. One of a kind for each user, and organization where there is one; 24 hours.
create table portico.drafts (
  id uuid primary key,
  user_id uuid not null references portico.users (id) on delete cascade,
  org_id uuid references portico.organizations (id) on delete cascade,
  name text not null check (length(name) between 1 and 63),
  steps jsonb not null default '{}' check (jsonb_typeof(steps) = 'object'),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  constraint drafts_size check (octet_length(steps::text) <= 65536),
  constraint drafts_one_each unique nulls not distinct (user_id, org_id, name)
);
create index drafts_org_id_idx on portico.drafts (org_id);
create index drafts_expires_at_idx on portico.drafts (expires_at);

alter table portico.drafts enable row level security;
alter table portico.drafts force row level security;
create policy house on portico.drafts to portico_owner, portico_worker using (true) with check (true);
-- One's own, and an organization's in it alone.
create policy self on portico.drafts to portico_app
  using (user_id = nullif((select current_setting('app.user', true)), '')::uuid
         and (org_id is null or org_id = nullif((select current_setting('app.org', true)), '')::uuid))
  with check (user_id = nullif((select current_setting('app.user', true)), '')::uuid
              and (org_id is null or org_id = nullif((select current_setting('app.org', true)), '')::uuid));
grant select, insert, update, delete on portico.drafts to portico_app;
grant select, delete on portico.drafts to portico_worker;
