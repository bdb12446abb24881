-- Owner and version of one row of the caller's organization; locked for the rest of a transaction that may write.
create function portico.row_v1(
  row_table text, row_id uuid, row_owner text, row_version text,
  out present boolean, out owner text, out version text
)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := nullif(current_setting('app.org', true), '')::uuid;
  lock_clause text := case when current_setting('transaction_read_only') = 'on' then '' else ' for update' end;
begin
  execute format('select true, %s, %s from public.%I where org_id = $1 and id = $2%s',
                 case when row_owner is null then 'null::text' else format('%I::text', row_owner) end,
                 case when row_version is null then 'null::text' else format('%I::text', row_version) end,
                 row_table, lock_clause)
    into present, owner, version using org, row_id;
  present := coalesce(present, false);
end $$;
