-- Audit rows of a call that may not write (a query, an export), in a transaction of their own once it is over. The
-- application proves that they are its own, or one statement that somebody slipped in could write anybody's history.
create function portico.noted_v1(noted text, proof bytea) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  whole jsonb := noted::jsonb;
begin
  perform portico.demand_proof_v1(convert_to('noted' || noted, 'UTF8'), proof);
  insert into portico.audit (org_id, user_id, action, target, outcome, metadata, ip, user_agent, request_id)
  select (whole ->> 'org_id')::uuid, (whole ->> 'user_id')::uuid, r ->> 'action', r ->> 'target', 'done',
         r -> 'metadata', whole ->> 'ip', whole ->> 'user_agent', whole ->> 'request_id'
    from jsonb_array_elements(whole -> 'rows') as r;
end $$;
revoke execute on function portico.noted_v1(text, bytea) from public;
grant execute on function portico.noted_v1(text, bytea) to portico_app;
