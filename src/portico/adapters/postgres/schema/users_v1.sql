-- Accounts, as operators see and change them. The policy `operators` of 0002_tables.sql lets them; here is what it needs.

-- The whole name: people who gave their last name apart have it in `name` too, or not.
create function portico.whole_name_v1(name text, last_name text) returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$ select case when right(name, length(last_name)) = last_name then name else concat_ws(' ', nullif(name, ''), last_name) end $$;

-- Whose address is confirmed and who is an operator; null leaves it as it is. Nobody becomes either by a statement alone:
-- the proof is over 'mark-user', the user's id, and both as text.
create function portico.mark_user_v1(user_id uuid, verified boolean, operator boolean, proof bytea) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(
    convert_to('mark-user', 'UTF8') || uuid_send(mark_user_v1.user_id)
    || convert_to(coalesce(verified::text, '-') || '/' || coalesce(mark_user_v1.operator::text, '-'), 'UTF8'), proof);
  update portico.users u
     set email_verified_at = case when verified then coalesce(u.email_verified_at, now()) when verified is null then u.email_verified_at end,
         operator = coalesce(mark_user_v1.operator, u.operator)
   where u.id = mark_user_v1.user_id and u.kind = 'person';
end $$;

-- A new account has no password, no confirmed address and no rights.
grant insert (email, name, last_name) on portico.users to portico_app;

revoke execute on function portico.whole_name_v1(text, text), portico.mark_user_v1(uuid, boolean, boolean, bytea) from public;
grant execute on function portico.whole_name_v1(text, text), portico.mark_user_v1(uuid, boolean, boolean, bytea) to portico_app;
