-- Sign-up, sign-in and sign-out: what they need of tables that the application may not read.
create function portico.register_v1(email text, name text, password_hash text) returns uuid
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  insert into portico.users (email, name, password_hash) values (email, name, password_hash) returning id
$$;

create function portico.credential_v1(email text, out user_id uuid, out password_hash text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select u.id, u.password_hash from portico.users u where lower(u.email) = lower(credential_v1.email)
$$;

-- A new session; the one that the browser came with ends, so that no token outlives a sign-in.
create function portico.open_session_v1(
  user_id uuid, token_hash bytea, former_hash bytea, ip text, user_agent text, expires_at timestamptz
) returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare opened uuid;
begin
  delete from portico.sessions s where s.token_hash = former_hash;
  insert into portico.sessions (user_id, token_hash, active_org, ip, user_agent, expires_at)
  values (
    open_session_v1.user_id, open_session_v1.token_hash,
    (select m.org_id from portico.members m where m.user_id = open_session_v1.user_id order by m.created_at, m.org_id limit 1),
    open_session_v1.ip, open_session_v1.user_agent, open_session_v1.expires_at)
  returning id into opened;
  perform set_config('app.user', open_session_v1.user_id::text, true);
  return opened;
end $$;

create function portico.end_session_v1(ended_hash bytea) returns boolean
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  with gone as (
    delete from portico.sessions s
     where s.token_hash = ended_hash and s.user_id = nullif(current_setting('app.user', true), '')::uuid
    returning 1)
  select exists (select from gone)
$$;

-- The caller becomes the owner; the session in hand works in it when it had none.
create function portico.create_organization_v1(name text, slug text, timezone text, session uuid) returns setof portico.organizations
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  the_user uuid := nullif(current_setting('app.user', true), '')::uuid;
  made portico.organizations;
begin
  insert into portico.organizations (name, slug, timezone, created_by)
  values (create_organization_v1.name, create_organization_v1.slug, create_organization_v1.timezone, the_user)
  returning * into made;
  insert into portico.members (org_id, user_id, role) values (made.id, the_user, 'owner');
  update portico.sessions s set active_org = made.id
   where s.id = session and s.user_id = the_user and s.active_org is null;
  perform set_config('app.org', made.id::text, true);
  return next made;
end $$;

create function portico.my_organizations_v1()
returns table (id uuid, name text, slug text, plan text, timezone text, version integer, created_at timestamptz, role text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select o.id, o.name, o.slug, o.plan, o.timezone, o.version, o.created_at, m.role
    from portico.members m join portico.organizations o on o.id = m.org_id
   where m.user_id = nullif(current_setting('app.user', true), '')::uuid
   order by o.name, o.id
$$;
