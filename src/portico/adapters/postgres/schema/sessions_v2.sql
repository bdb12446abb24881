-- Sessions: opened, given a new token, ended. What signs somebody in demands a proof that only the application can make,
-- so that no injected statement can.
create function portico.demand_proof_v1(message bytea, proof bytea) returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not coalesce(portico.proved_v1(message, proof), false) then
    raise insufficient_privilege using message = 'this needs a proof of the application';
  end if;
end $$;

-- A new session; the one that the browser came with ends, so that no token outlives a sign-in.
-- The proof is over 'open-session', the user's id and the token's hash.
create function portico.open_session_v2(
  user_id uuid, token_hash bytea, former_hash bytea, proof bytea, method text, ip text, ip_prefix text, user_agent text, device text,
  authenticated_at timestamptz, expires_at timestamptz, ends_at timestamptz
) returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare opened uuid;
begin
  perform portico.demand_proof_v1(
    convert_to('open-session', 'UTF8') || uuid_send(open_session_v2.user_id) || open_session_v2.token_hash, proof);
  delete from portico.sessions s where s.token_hash = former_hash;
  insert into portico.sessions (user_id, token_hash, active_org, method, ip, ip_prefix, user_agent, device,
                                authenticated_at, expires_at, ends_at)
  values (
    open_session_v2.user_id, open_session_v2.token_hash,
    (select m.org_id from portico.members m join portico.organizations o on o.id = m.org_id and o.deleted_at is null
      where m.user_id = open_session_v2.user_id order by m.created_at, m.org_id limit 1),
    open_session_v2.method, open_session_v2.ip, coalesce(open_session_v2.ip_prefix, ''), open_session_v2.user_agent,
    coalesce(open_session_v2.device, ''), open_session_v2.authenticated_at,
    least(open_session_v2.expires_at, open_session_v2.ends_at), open_session_v2.ends_at)
  returning id into opened;
  perform set_config('app.user', open_session_v2.user_id::text, true);
  return opened;
end $$;

-- Another token for the session in hand, after a change of privilege; `authenticated_at` where a password was shown for it.
create function portico.rotate_session_v1(held_hash bytea, token_hash bytea, authenticated_at timestamptz) returns boolean
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  with turned as (
    update portico.sessions s
       set token_hash = rotate_session_v1.token_hash,
           authenticated_at = coalesce(rotate_session_v1.authenticated_at, s.authenticated_at)
     where s.token_hash = held_hash and s.user_id = nullif(current_setting('app.user', true), '')::uuid
    returning 1)
  select exists (select from turned)
$$;

-- Something that is sent out once: the proof is over 'challenge', the purpose and the token's hash.
create function portico.issue_challenge_v1(
  purpose text, token_hash bytea, proof bytea, user_id uuid, data jsonb, expires_at timestamptz
) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(
    convert_to('challenge', 'UTF8') || convert_to(issue_challenge_v1.purpose, 'UTF8') || issue_challenge_v1.token_hash, proof);
  insert into portico.challenges (purpose, token_hash, user_id, data, expires_at)
  values (issue_challenge_v1.purpose, issue_challenge_v1.token_hash, issue_challenge_v1.user_id,
          coalesce(issue_challenge_v1.data, '{}'), issue_challenge_v1.expires_at);
end $$;

-- Taken back once: who comes second finds nothing.
create function portico.take_challenge_v1(purpose text, token_hash bytea, out user_id uuid, out data jsonb)
returns setof record
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  delete from portico.challenges c
   where c.token_hash = take_challenge_v1.token_hash and c.purpose = take_challenge_v1.purpose and c.expires_at > now()
  returning c.user_id, c.data
$$;

-- The organization that a session works in; to one that its user belongs to, or not at all.
create function portico.switch_organization_v1(session uuid, org uuid) returns boolean
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  with moved as (
    update portico.sessions s set active_org = m.org_id
      from portico.members m join portico.organizations o on o.id = m.org_id and o.deleted_at is null
     where s.id = session and m.user_id = s.user_id and m.org_id = org
       and s.user_id = nullif(current_setting('app.user', true), '')::uuid
    returning 1)
  select exists (select from moved)
$$;

-- What signed people in, and told of passwords, without a proof: closed to processes of the release before, too.
revoke execute on function
  portico.register_v1(text, text, text),
  portico.credential_v1(text),
  portico.open_session_v1(uuid, bytea, bytea, text, text, timestamptz)
from portico_app;
revoke execute on function portico.demand_proof_v1(bytea, bytea) from public;
revoke execute on function
  portico.open_session_v2(uuid, bytea, bytea, bytea, text, text, text, text, text, timestamptz, timestamptz, timestamptz),
  portico.rotate_session_v1(bytea, bytea, timestamptz),
  portico.issue_challenge_v1(text, bytea, bytea, uuid, jsonb, timestamptz),
  portico.take_challenge_v1(text, bytea),
  portico.switch_organization_v1(uuid, uuid)
from public;
grant execute on function
  portico.open_session_v2(uuid, bytea, bytea, bytea, text, text, text, text, text, timestamptz, timestamptz, timestamptz),
  portico.rotate_session_v1(bytea, bytea, timestamptz),
  portico.issue_challenge_v1(text, bytea, bytea, uuid, jsonb, timestamptz),
  portico.take_challenge_v1(text, bytea),
  portico.switch_organization_v1(uuid, uuid)
to portico_app;
