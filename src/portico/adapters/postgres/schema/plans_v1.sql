-- The organization in hand moves to another plan, as what it has paid for says; the application proves that it says so.
create function portico.set_plan_v1(the_plan text, proof bytea) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  the_org uuid := nullif(current_setting('app.org', true), '')::uuid;
begin
  perform portico.demand_proof_v1(convert_to('plan/' || coalesce(the_org::text, '') || '/' || the_plan, 'UTF8'), proof);
  update portico.organizations o set plan = the_plan where o.id = the_org and o.plan <> the_plan;
  return found;
end $$;
revoke execute on function portico.set_plan_v1(text, bytea) from public;
grant execute on function portico.set_plan_v1(text, bytea) to portico_app;
