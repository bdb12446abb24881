-- What the organization has of the resources asked about, null of one that was never counted; `transaction` is what a proof
-- for `take_usage_v1` must cover.
create function portico.used_v1(resources text[]) returns text
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  select json_build_object(
    'transaction', pg_current_xact_id()::text,
    'used', (select json_object_agg(asked, u.used)
               from unnest(resources) asked
               left join portico.usage u
                 on u.org_id = nullif(current_setting('app.org', true), '')::uuid and u.resource = asked))::text
$$;
revoke execute on function portico.used_v1(text[]) from public;
grant execute on function portico.used_v1(text[]) to portico_app;

-- Take from a quota or give back, at the end of the call that did so: the row is locked until its COMMIT, a moment later.
-- `changes` is a JSON array of resource, amount, most (null: unlimited) and opening (what there was before the call, where
-- nobody had counted), in the order of resources, so that no two calls wait for each other in a circle. The proof covers
-- organization, transaction and changes: one that somebody has seen is good for nothing.
create function portico.take_usage_v1(changes text, proof bytea) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  the_org text := coalesce(current_setting('app.org', true), '');
  change record;
  reached bigint;
begin
  perform portico.demand_proof_v1(
    convert_to('take-usage/' || the_org || '/' || pg_current_xact_id()::text || '/' || changes, 'UTF8'), proof);
  for change in
    select * from json_to_recordset(changes::json) c(resource text, amount bigint, most bigint, opening bigint)
  loop
    if change.opening is not null then
      insert into portico.usage (org_id, resource, used) values (the_org::uuid, change.resource, change.opening)
      on conflict (org_id, resource) do nothing;
    end if;
    update portico.usage u set used = greatest(u.used + change.amount, 0)
     where u.org_id = the_org::uuid and u.resource = change.resource
       and (change.amount <= 0 or change.most is null or u.used + change.amount <= change.most);
    if not found then
      select u.used into reached from portico.usage u where u.org_id = the_org::uuid and u.resource = change.resource;
      raise exception using errcode = 'PQ001', message = 'the quota was used up meanwhile',
        detail = json_build_object('resource', change.resource, 'used', reached, 'limit', change.most)::text;
    end if;
  end loop;
end $$;
revoke execute on function portico.take_usage_v1(text, bytea) from public;
grant execute on function portico.take_usage_v1(text, bytea) to portico_app;
