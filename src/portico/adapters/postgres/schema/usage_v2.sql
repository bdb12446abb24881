-- Take from a quota or give back, at the end of the call that did so: the row is locked until its COMMIT, a moment later.
-- Of several resources in the order of their names, so that no two calls wait for each other in a circle. The proof covers
-- organization, transaction and change: one that somebody has seen is good for nothing.
--
-- What is written in the table comes from here and from the command line alone: a CHECK would be read from the catalog and
-- prepared for each call.
alter table portico.usage drop constraint usage_resource_check, drop constraint usage_used_check;
create procedure portico.take_usage_v2(
  resource text,
  amount bigint,   -- below zero: given back
  most bigint,     -- what the plan allows; below zero: as much as anybody likes
  opening bigint,  -- what there was before the call, where nobody had counted; below zero: somebody had
  proof bytea
)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  the_org text := coalesce(current_setting('app.org', true), '');
  reached bigint;
begin
  perform portico.demand_proof_v1(
    convert_to('take-usage/' || the_org || '/' || pg_current_xact_id()::text || '/' || resource || '/' || amount || '/'
               || most || '/' || opening, 'UTF8'), proof);
  if opening >= 0 then
    insert into portico.usage (org_id, resource, used) values (the_org::uuid, take_usage_v2.resource, opening)
    on conflict do nothing;
  end if;
  update portico.usage u set used = greatest(u.used + amount, 0)
   where u.org_id = the_org::uuid and u.resource = take_usage_v2.resource
     and (amount <= 0 or most < 0 or u.used + amount <= most);
  if not found then
    select u.used into reached from portico.usage u
     where u.org_id = the_org::uuid and u.resource = take_usage_v2.resource;
    raise exception using errcode = 'PQ001', message = 'the quota was used up meanwhile',
      detail = json_build_object('resource', take_usage_v2.resource, 'used', reached, 'limit', most)::text;
  end if;
end $$;
revoke execute on procedure portico.take_usage_v2(text, bigint, bigint, bigint, bytea) from public;
grant execute on procedure portico.take_usage_v2(text, bigint, bigint, bigint, bytea) to portico_app;
