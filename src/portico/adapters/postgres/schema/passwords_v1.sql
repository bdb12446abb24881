-- The hash of one's own password, made anew at another cost: for whoever the transaction is for, and only in place of
-- the hash that was verified, so that a password which was changed meanwhile stays changed. The proof is over
-- 'store-password', the user's id and the new hash.
create function portico.store_password_v1(user_id uuid, former_hash text, password_hash text, proof bytea) returns boolean
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  select portico.demand_proof_v1(
    convert_to('store-password', 'UTF8') || uuid_send(user_id) || convert_to(password_hash, 'UTF8'), proof);
  with stored as (
    update portico.users u set password_hash = store_password_v1.password_hash
     where u.id = store_password_v1.user_id and u.id = nullif(current_setting('app.user', true), '')::uuid
       and u.password_hash = former_hash
    returning 1)
  select exists (select from stored)
$$;

-- Whether the password that was verified is still the account's; it stays so until the transaction has ended. Else whoever
-- signs in with a former one, just as it is changed, would have the one session that the change does not end.
create function portico.hold_password_v1(user_id uuid, password_hash text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform from portico.users u
    where u.id = hold_password_v1.user_id and u.password_hash = hold_password_v1.password_hash for no key update;
  return found;
end $$;

revoke execute on function portico.store_password_v1(uuid, text, text, bytea), portico.hold_password_v1(uuid, text) from public;
grant execute on function portico.store_password_v1(uuid, text, text, bytea), portico.hold_password_v1(uuid, text) to portico_app;
