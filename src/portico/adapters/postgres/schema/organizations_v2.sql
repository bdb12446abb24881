-- Organizations: who belongs, who is invited, and what becomes of all that when one is deleted.

-- A session works where its user belongs, or nowhere: whoever is removed is asked next time which organization is meant,
-- and never finds the work of one landing in another.
update portico.sessions s set active_org = null
 where active_org is not null
   and not exists (select from portico.members m where m.user_id = s.user_id and m.org_id = s.active_org);
alter table portico.sessions
  add constraint sessions_active_member_fkey foreign key (user_id, active_org)
      references portico.members (user_id, org_id) on delete set null (active_org);

-- An invitation that is no longer open holds no role back from being deleted.
alter table portico.invitations
  add constraint invitations_custom_role_is_role check (custom_role = role),
  add constraint invitations_closed_hold_no_role check (status = 'open' or custom_role is null);
grant update (role, custom_role, invited_by) on portico.invitations to portico_app;

create function portico.my_organizations_v2()
returns table (id uuid, name text, slug text, plan text, timezone text, version integer, created_at timestamptz, role text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select o.id, o.name, o.slug, o.plan, o.timezone, o.version, o.created_at, m.role
    from portico.members m join portico.organizations o on o.id = m.org_id and o.deleted_at is null
   where m.user_id = nullif(current_setting('app.user', true), '')::uuid
   order by o.name, o.id
$$;

-- Who belongs to the organization that the gate has set: people, and the services that its API keys act as, whose addresses
-- are nobody's. `permissions` are those of a role of its own making.
create function portico.organization_members_v1(org uuid)
returns table (user_id uuid, kind text, name text, email text, role text, permissions text[], since timestamptz)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select u.id, u.kind, portico.whole_name_v1(u.name, u.last_name), case when u.kind = 'person' then u.email else '' end,
         m.role, r.permissions, m.created_at
    from portico.members m
    join portico.users u on u.id = m.user_id
    left join portico.roles r on r.org_id = m.org_id and r.name = m.custom_role
   where m.org_id = org and org = nullif(current_setting('app.org', true), '')::uuid
$$;

-- The session in hand, which works nowhere since its user has left: on to where the user has belonged for longest.
create function portico.settle_session_v1(session uuid) returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  update portico.sessions s
     set active_org = (
           select m.org_id from portico.members m join portico.organizations o on o.id = m.org_id and o.deleted_at is null
            where m.user_id = s.user_id order by m.created_at, m.org_id limit 1)
   where s.id = session and s.active_org is null and s.user_id = nullif(current_setting('app.user', true), '')::uuid
$$;

-- Only an owner deletes; the row stays for the audit, the slug is free again, and the gate admits nobody any more.
create function portico.delete_organization_v1(org uuid) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  update portico.organizations o set deleted_at = now()
   where o.id = org and org = nullif(current_setting('app.org', true), '')::uuid and o.deleted_at is null
     and exists (select from portico.members m
                  where m.org_id = org and m.user_id = nullif(current_setting('app.user', true), '')::uuid and m.role = 'owner');
  if not found then
    return false;
  end if;
  update portico.invitations i set status = 'revoked', custom_role = null where i.org_id = org and i.status = 'open';
  delete from portico.api_keys k where k.org_id = org;
  update portico.sessions s set active_org = null where s.active_org = org;
  return true;
end $$;

-- What the invited is shown, who may have no account yet: whoever holds the token may read it.
create function portico.invitation_v1(token_hash bytea)
returns table (organization text, invited_by text, email text, role text, status text, expires_at timestamptz)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select o.name, portico.whole_name_v1(u.name, u.last_name), i.email, i.role,
         case when i.invited_by is null and i.status = 'open' then 'revoked' else i.status end, i.expires_at
    from portico.invitations i
    join portico.organizations o on o.id = i.org_id and o.deleted_at is null
    left join portico.users u on u.id = i.invited_by
   where i.token_hash = invitation_v1.token_hash
$$;

-- Accepted or declined, once, by whoever is signed in with the invited address and has confirmed it. `outcome` says what was in
-- the way, if anything was; an invitation that is not there has no row. The call goes on in the organization. Nobody joins on
-- the word of an account that is gone.
create function portico.answer_invitation_v1(token_hash bytea, accepts boolean, at timestamptz, out id uuid, out org_id uuid, out outcome text)
returns setof record
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  the_user uuid := nullif(current_setting('app.user', true), '')::uuid;
  found_one portico.invitations;
begin
  select i.* into found_one from portico.invitations i
    join portico.organizations o on o.id = i.org_id and o.deleted_at is null
   where i.token_hash = answer_invitation_v1.token_hash
     for update of i;
  if not found then
    return;
  end if;
  id := found_one.id;
  org_id := found_one.org_id;
  if not exists (select from portico.users u
                  where u.id = the_user and lower(u.email) = lower(found_one.email) and u.email_verified_at is not null) then
    outcome := 'other address';
  elsif found_one.status <> 'open' then
    outcome := found_one.status;
  elsif found_one.invited_by is null then
    outcome := 'revoked';
  elsif found_one.expires_at <= answer_invitation_v1.at then
    outcome := 'expired';
  else
    update portico.invitations i set status = case when accepts then 'accepted' else 'declined' end, custom_role = null
     where i.id = found_one.id;
    if accepts then
      insert into portico.members (org_id, user_id, role, custom_role)
      values (found_one.org_id, the_user, found_one.role, found_one.custom_role)
      on conflict do nothing;
    end if;
    perform set_config('app.org', found_one.org_id::text, true);
  end if;
  return next;
end $$;

revoke execute on function
  portico.my_organizations_v2(),
  portico.organization_members_v1(uuid),
  portico.settle_session_v1(uuid),
  portico.delete_organization_v1(uuid),
  portico.invitation_v1(bytea),
  portico.answer_invitation_v1(bytea, boolean, timestamptz)
from public;
grant execute on function
  portico.my_organizations_v2(),
  portico.organization_members_v1(uuid),
  portico.settle_session_v1(uuid),
  portico.delete_organization_v1(uuid),
  portico.invitation_v1(bytea),
  portico.answer_invitation_v1(bytea, boolean, timestamptz)
to portico_app;
