-- Owner and version of one row of the caller's organization, or of the caller's own; locked for the rest of a transaction
-- that may write. Whose rows a table holds is read from its policies too: naming it wrongly shows nothing of anybody else.
create function portico.row_v2(
  row_table text, row_id uuid, row_owner text, row_version text, row_scope text default 'org',
  out present boolean, out owner text, out version text
)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  own boolean := row_scope is not distinct from 'user';
  caller uuid := nullif(current_setting(case when own then 'app.user' else 'app.org' end, true), '')::uuid;
  lock_clause text := case when current_setting('transaction_read_only') = 'on' then '' else ' for update' end;
begin
  if own <> exists (select from pg_policy p where p.polrelid = format('public.%I', row_table)::regclass and p.polname = 'self') then
    raise insufficient_privilege
      using message = format('the rows of %s are %s', row_table, case when own then 'no user''s own' else 'a user''s own' end);
  end if;
  execute format('select true, %s, %s from public.%I where %I = $1 and id = $2%s',
                 case when row_owner is null then 'null::text' else format('%I::text', row_owner) end,
                 case when row_version is null then 'null::text' else format('%I::text', row_version) end,
                 row_table, case when own then 'user_id' else 'org_id' end, lock_clause)
    into present, owner, version using caller, row_id;
  present := coalesce(present, false);
end $$;
revoke execute on function portico.row_v2(text, uuid, text, text, text) from public;
grant execute on function portico.row_v2(text, uuid, text, text, text) to portico_app;
