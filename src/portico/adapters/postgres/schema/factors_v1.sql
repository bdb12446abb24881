-- The second factor and passkeys. Secrets of the first are sealed by the application: the database cannot read them.

-- A secret for whoever the transaction is for, without effect until a code confirms it; false where one is in use.
create function portico.begin_totp_v1(secret bytea) returns boolean
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  with begun as (
    update portico.users u set totp_secret = secret, totp_step = 0
     where u.id = nullif(current_setting('app.user', true), '')::uuid and u.kind = 'person' and u.totp_since is null
    returning 1)
  select exists (select from begun)
$$;

-- One's own sealed secret that awaits its first code.
create function portico.begun_totp_v1() returns setof bytea
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select u.totp_secret from portico.users u
   where u.id = nullif(current_setting('app.user', true), '')::uuid and u.totp_since is null and u.totp_secret is not null
$$;

-- The recovery codes of somebody, in place of all that were before.
create function portico.put_recovery_codes_v1(whose uuid, code_hashes bytea[]) returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  delete from portico.recovery_codes c where c.user_id = whose;
  insert into portico.recovery_codes (user_id, code_hash) select whose, unnest(code_hashes);
$$;

-- From now on a code is wanted at every sign-in; false where the secret is not the one that was begun with.
create function portico.confirm_totp_v1(secret bytea, step bigint, code_hashes bytea[]) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare the_user uuid := nullif(current_setting('app.user', true), '')::uuid;
begin
  update portico.users u set totp_since = now(), totp_step = step
   where u.id = the_user and u.totp_since is null and u.totp_secret = secret;
  if not found then
    return false;
  end if;
  perform portico.put_recovery_codes_v1(the_user, code_hashes);
  return true;
end $$;

-- Other recovery codes; false where no second factor is in use.
create function portico.renew_recovery_codes_v1(code_hashes bytea[]) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare the_user uuid := nullif(current_setting('app.user', true), '')::uuid;
begin
  perform from portico.users u where u.id = the_user and u.totp_since is not null for no key update;
  if not found then
    return false;
  end if;
  perform portico.put_recovery_codes_v1(the_user, code_hashes);
  return true;
end $$;

-- No second factor any more, and nothing left of it.
create function portico.end_totp_v1() returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare the_user uuid := nullif(current_setting('app.user', true), '')::uuid;
begin
  update portico.users u set totp_secret = null, totp_since = null, totp_step = 0
   where u.id = the_user and u.totp_since is not null;
  if not found then
    return false;
  end if;
  delete from portico.recovery_codes c where c.user_id = the_user;
  delete from portico.challenges c where c.user_id = the_user and c.purpose = 'second-factor';
  return true;
end $$;

-- Since when one's second factor is in use, and how many recovery codes are left.
create function portico.second_factor_v1(out since timestamptz, out recovery_codes bigint)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select u.totp_since, (select count(*) from portico.recovery_codes c where c.user_id = u.id)
    from portico.users u where u.id = nullif(current_setting('app.user', true), '')::uuid
$$;

-- One try with a ticket of the first step, counted before anybody knows whether it is right; the sixth finds nothing.
create function portico.try_second_factor_v1(token_hash bytea, out user_id uuid, out secret bytea) returns setof record
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  with tried as (
    update portico.challenges c
       set data = c.data || jsonb_build_object('tries', coalesce((c.data ->> 'tries')::int, 0) + 1)
     where c.token_hash = try_second_factor_v1.token_hash and c.purpose = 'second-factor' and c.expires_at > now()
       and coalesce((c.data ->> 'tries')::int, 0) < 5
    returning c.user_id)
  select u.id, u.totp_secret from tried join portico.users u on u.id = tried.user_id and u.totp_since is not null
$$;

-- Takes the ticket back, with a code's step, which is good once and never after a later one's, or with a recovery code.
create function portico.pass_second_factor_v1(
  token_hash bytea, step bigint, code_hash bytea, out user_id uuid, out method text, out passed boolean
)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  select c.user_id, c.data ->> 'method' into pass_second_factor_v1.user_id, pass_second_factor_v1.method
    from portico.take_challenge_v1('second-factor', pass_second_factor_v1.token_hash) c;
  if step is not null then
    update portico.users u set totp_step = step
     where u.id = pass_second_factor_v1.user_id and u.totp_since is not null and u.totp_step < step;
  else
    delete from portico.recovery_codes c
     where c.user_id = pass_second_factor_v1.user_id and c.code_hash = pass_second_factor_v1.code_hash;
  end if;
  passed := found;
end $$;

-- A challenge for a passkey to sign. Nobody's are swept here too: whoever asks without signing in leaves no heap behind.
create function portico.ask_passkey_v1(
  purpose text, token_hash bytea, proof bytea, user_id uuid, expires_at timestamptz
) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.issue_challenge_v1(
    purpose, ask_passkey_v1.token_hash, proof, ask_passkey_v1.user_id, null, ask_passkey_v1.expires_at);
  delete from portico.challenges c
   where c.token_hash in (
     select old.token_hash from portico.challenges old where old.expires_at <= now() limit 100 for update skip locked);
end $$;

-- Takes a challenge back, whatever becomes of the answer, with what is known of the passkey that has answered.
create function portico.answer_passkey_v1(
  purpose text, token_hash bytea, credential_id bytea,
  out asked uuid, out user_id uuid, out public_key bytea, out sign_count bigint
) returns setof record
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
    with taken as (
      select c.user_id from portico.take_challenge_v1(answer_passkey_v1.purpose, answer_passkey_v1.token_hash) c)
    select taken.user_id, p.user_id, p.public_key, p.sign_count
      from taken left join portico.passkeys p on p.credential_id = answer_passkey_v1.credential_id;
end $$;

-- A passkey was used: false where its counter did not move on, or the passkey is gone.
-- The proof is over 'use-passkey' and the credential's id.
create function portico.use_passkey_v1(credential_id bytea, sign_count bigint, proof bytea) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(convert_to('use-passkey', 'UTF8') || use_passkey_v1.credential_id, proof);
  update portico.passkeys p set sign_count = use_passkey_v1.sign_count, last_used_at = now()
   where p.credential_id = use_passkey_v1.credential_id
     and (p.sign_count < use_passkey_v1.sign_count or (p.sign_count = 0 and use_passkey_v1.sign_count = 0));
  return found;
end $$;

-- One more passkey of one's own: it signs in, so that adding one demands a proof,
-- over 'add-passkey', the user's id and the credential's id.
create function portico.add_passkey_v1(
  credential_id bytea, public_key bytea, sign_count bigint, name text, proof bytea
) returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  the_user uuid := nullif(current_setting('app.user', true), '')::uuid;
  added uuid;
begin
  perform portico.demand_proof_v1(
    convert_to('add-passkey', 'UTF8') || uuid_send(the_user) || add_passkey_v1.credential_id, proof);
  perform from portico.users u where u.id = the_user for no key update;
  if (select count(*) from portico.passkeys p where p.user_id = the_user) >= 20 then
    raise check_violation using constraint = 'passkeys_most', message = 'a person has at most 20 passkeys';
  end if;
  insert into portico.passkeys (user_id, credential_id, public_key, sign_count, name)
  values (the_user, add_passkey_v1.credential_id, add_passkey_v1.public_key, add_passkey_v1.sign_count, add_passkey_v1.name)
  returning id into added;
  return added;
end $$;

revoke execute on function
  portico.begin_totp_v1(bytea),
  portico.begun_totp_v1(),
  portico.put_recovery_codes_v1(uuid, bytea[]),
  portico.confirm_totp_v1(bytea, bigint, bytea[]),
  portico.renew_recovery_codes_v1(bytea[]),
  portico.end_totp_v1(),
  portico.second_factor_v1(),
  portico.try_second_factor_v1(bytea),
  portico.pass_second_factor_v1(bytea, bigint, bytea),
  portico.ask_passkey_v1(text, bytea, bytea, uuid, timestamptz),
  portico.answer_passkey_v1(text, bytea, bytea),
  portico.use_passkey_v1(bytea, bigint, bytea),
  portico.add_passkey_v1(bytea, bytea, bigint, text, bytea)
from public;
grant execute on function
  portico.begin_totp_v1(bytea),
  portico.begun_totp_v1(),
  portico.confirm_totp_v1(bytea, bigint, bytea[]),
  portico.renew_recovery_codes_v1(bytea[]),
  portico.end_totp_v1(),
  portico.second_factor_v1(),
  portico.try_second_factor_v1(bytea),
  portico.pass_second_factor_v1(bytea, bigint, bytea),
  portico.ask_passkey_v1(text, bytea, bytea, uuid, timestamptz),
  portico.answer_passkey_v1(text, bytea, bytea),
  portico.use_passkey_v1(bytea, bigint, bytea),
  portico.add_passkey_v1(bytea, bytea, bigint, text, bytea)
to portico_app;
