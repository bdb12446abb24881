-- A person's own account: signed up, confirmed, its password forgotten and changed, its address changed, let go.
-- Where nobody may learn who has an account, both ways through a function write the same: COMMIT costs as much.

-- What signing in must know of an account; services sign in with keys alone. It tells a password's hash, and so it demands a
-- proof, over 'credential' and the address.
create function portico.credential_v2(
  email text, proof bytea,
  out user_id uuid, out password_hash text, out address text, out name text, out verified boolean, out second_factor boolean
)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(
    convert_to('credential', 'UTF8') || convert_to(credential_v2.email, 'UTF8'), proof);
  select u.id, u.password_hash, u.email, u.name, u.email_verified_at is not null, u.totp_since is not null
    into credential_v2.user_id, credential_v2.password_hash, address, credential_v2.name, verified, second_factor
    from portico.users u where lower(u.email) = lower(credential_v2.email) and u.kind = 'person';
end $$;

-- A challenge sent to whoever is concerned; concerning nobody, it is written and taken back. Expired ones of the same person go.
create function portico.put_challenge_v1(
  purpose text, token_hash bytea, proof bytea, concerned uuid, data jsonb, expires_at timestamptz
) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.issue_challenge_v1(purpose, put_challenge_v1.token_hash, proof, concerned, data, put_challenge_v1.expires_at);
  delete from portico.challenges c
   where (c.user_id = concerned and c.expires_at <= now()) or (concerned is null and c.token_hash = put_challenge_v1.token_hash);
end $$;

-- A new account with the challenge that confirms its address; an address that is known keeps its account as it is.
create function portico.sign_up_v1(
  email text, name text, last_name text, password_hash text, token_hash bytea, proof bytea, expires_at timestamptz,
  out registered uuid, out known_address text, out known_name text
)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  insert into portico.users (email, name, last_name, password_hash)
  values (sign_up_v1.email, sign_up_v1.name, sign_up_v1.last_name, sign_up_v1.password_hash)
  on conflict (lower(email)) do nothing returning id into sign_up_v1.registered;
  if sign_up_v1.registered is null then
    -- Whoever has not confirmed the address may have been anybody: no word of theirs is mailed to it.
    select u.email, case when u.email_verified_at is null then '' else u.name end
      into sign_up_v1.known_address, sign_up_v1.known_name
      from portico.users u where lower(u.email) = lower(sign_up_v1.email);
  end if;
  perform portico.put_challenge_v1(
    'verify-email', sign_up_v1.token_hash, sign_up_v1.proof, sign_up_v1.registered, null, sign_up_v1.expires_at);
end $$;

-- A challenge for whoever has this address, told where a mail shall go; verifying concerns only who has not done so yet.
create function portico.challenge_address_v1(
  purpose text, email text, token_hash bytea, proof bytea, expires_at timestamptz,
  out user_id uuid, out address text, out name text
)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  select u.id, u.email, case when u.email_verified_at is null then '' else u.name end
    into challenge_address_v1.user_id, address, challenge_address_v1.name
    from portico.users u
   where lower(u.email) = lower(challenge_address_v1.email) and u.kind = 'person'
     and (purpose <> 'verify-email' or u.email_verified_at is null);
  perform portico.put_challenge_v1(
    purpose, challenge_address_v1.token_hash, proof, challenge_address_v1.user_id, null, challenge_address_v1.expires_at);
end $$;

-- Takes the link of a mail back: the address is its owner's.
create function portico.verify_email_v1(token_hash bytea, out user_id uuid)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  update portico.users u set email_verified_at = coalesce(u.email_verified_at, now())
    from portico.take_challenge_v1('verify-email', verify_email_v1.token_hash) c
   where u.id = c.user_id
  returning u.id into verify_email_v1.user_id;
  perform set_config('app.user', verify_email_v1.user_id::text, true) where verify_email_v1.user_id is not null;
end $$;

-- Another password: every session but the one in hand ends, and so does what was sent out before, such as links that reset it.
create function portico.put_password_v1(whose uuid, password_hash text, kept_session uuid) returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  update portico.users u set password_hash = put_password_v1.password_hash, password_changed_at = now() where u.id = whose;
  delete from portico.sessions s where s.user_id = whose and s.id is distinct from kept_session;
  delete from portico.challenges c where c.user_id = whose and c.purpose <> 'verify-email';
$$;

-- One's own password, in place of the one that was verified: false where it was changed meanwhile. The proof is over
-- 'store-password', the user's id and the new hash.
create function portico.change_password_v1(former_hash text, password_hash text, proof bytea, kept_session uuid) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare the_user uuid := nullif(current_setting('app.user', true), '')::uuid;
begin
  perform portico.demand_proof_v1(
    convert_to('store-password', 'UTF8') || uuid_send(the_user) || convert_to(change_password_v1.password_hash, 'UTF8'), proof);
  perform from portico.users u where u.id = the_user and u.password_hash = former_hash for no key update;
  if not found then
    return false;
  end if;
  perform portico.put_password_v1(the_user, change_password_v1.password_hash, kept_session);
  return true;
end $$;

-- Takes the link of a mail back: who can read mail to the address may choose the password, and has shown that it is theirs.
create function portico.reset_password_v1(token_hash bytea, password_hash text, out user_id uuid, out address text, out name text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  update portico.users u set email_verified_at = coalesce(u.email_verified_at, now())
    from portico.take_challenge_v1('reset-password', reset_password_v1.token_hash) c
   where u.id = c.user_id
  returning u.id, u.email, u.name into reset_password_v1.user_id, address, reset_password_v1.name;
  if exists (select from portico.users u where u.id = reset_password_v1.user_id and u.email_verified_at = now()) then
    -- Confirmed just now: whoever used the account before may have been somebody else, and keeps no way in.
    delete from portico.api_keys k where k.user_id = reset_password_v1.user_id;
    delete from portico.passkeys p where p.user_id = reset_password_v1.user_id;
    delete from portico.identities i where i.user_id = reset_password_v1.user_id;
    delete from portico.recovery_codes r where r.user_id = reset_password_v1.user_id;
    update portico.users u set totp_secret = null, totp_since = null where u.id = reset_password_v1.user_id;
  end if;
  if reset_password_v1.user_id is not null then
    perform portico.put_password_v1(reset_password_v1.user_id, reset_password_v1.password_hash, null);
    perform set_config('app.user', reset_password_v1.user_id::text, true);
  end if;
end $$;

-- The challenge that confirms one's new address, the last one asked for alone; false where the address is somebody's.
create function portico.change_email_v1(email text, token_hash bytea, proof bytea, expires_at timestamptz) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  the_user uuid := nullif(current_setting('app.user', true), '')::uuid;
  free boolean := not exists (select from portico.users u where lower(u.email) = lower(change_email_v1.email));
begin
  delete from portico.challenges c where c.user_id = the_user and c.purpose = 'change-email';
  perform portico.put_challenge_v1(
    'change-email', change_email_v1.token_hash, proof, case when free then the_user end,
    jsonb_build_object('email', change_email_v1.email), change_email_v1.expires_at);
  return free;
end $$;

-- Takes the link of a mail back: the address is the account's from now on, and nothing sent to the former one is good.
create function portico.confirm_email_v1(token_hash bytea, out user_id uuid)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  update portico.users u set email = c.data ->> 'email', email_verified_at = now(), version = u.version + 1
    from portico.take_challenge_v1('change-email', confirm_email_v1.token_hash) c
   where u.id = c.user_id
  returning u.id into confirm_email_v1.user_id;
  delete from portico.challenges c where c.user_id = confirm_email_v1.user_id;
  perform set_config('app.user', confirm_email_v1.user_id::text, true) where confirm_email_v1.user_id is not null;
end $$;

-- An organization that would have no owner without the caller.
create function portico.owned_alone_v1() returns setof text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select o.name
    from portico.members m join portico.organizations o on o.id = m.org_id and o.deleted_at is null
   where m.user_id = nullif(current_setting('app.user', true), '')::uuid and m.role = 'owner'
     and not exists (
       select from portico.members other where other.org_id = m.org_id and other.role = 'owner' and other.user_id <> m.user_id)
   order by o.name limit 1
$$;

revoke execute on function
  portico.put_challenge_v1(text, bytea, bytea, uuid, jsonb, timestamptz),
  portico.put_password_v1(uuid, text, uuid),
  portico.credential_v2(text, bytea),
  portico.sign_up_v1(text, text, text, text, bytea, bytea, timestamptz),
  portico.challenge_address_v1(text, text, bytea, bytea, timestamptz),
  portico.verify_email_v1(bytea),
  portico.change_password_v1(text, text, bytea, uuid),
  portico.reset_password_v1(bytea, text),
  portico.change_email_v1(text, bytea, bytea, timestamptz),
  portico.confirm_email_v1(bytea),
  portico.owned_alone_v1()
from public;
grant execute on function
  portico.credential_v2(text, bytea),
  portico.sign_up_v1(text, text, text, text, bytea, bytea, timestamptz),
  portico.challenge_address_v1(text, text, bytea, bytea, timestamptz),
  portico.verify_email_v1(bytea),
  portico.change_password_v1(text, text, bytea, uuid),
  portico.reset_password_v1(bytea, text),
  portico.change_email_v1(text, bytea, bytea, timestamptz),
  portico.confirm_email_v1(bytea),
  portico.owned_alone_v1()
to portico_app;
