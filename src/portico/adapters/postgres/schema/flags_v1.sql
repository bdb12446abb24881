-- All flags as JSON with their version; nothing where `known` is the version still.
create function portico.flags_v1(known text, proof bytea) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  current_version text;
begin
  perform portico.demand_proof_v1('read-flags'::bytea, proof);
  select c.version into current_version from portico.flags_changed c;
  if coalesce(current_version, '') = known then
    return '';
  end if;
  -- One statement for both: a change that is committed in between is in both or in neither.
  return (select json_build_object(
    'version', coalesce((select c.version from portico.flags_changed c), ''),
    'rules', coalesce((
      select json_agg(json_build_object('name', f.name, 'state', f.state, 'percentage', f.percentage, 'by', f.by,
                                        'users', f.users, 'orgs', f.orgs))
        from portico.flags f), '[]'))::text);
end $$;
revoke execute on function portico.flags_v1(text, bytea) from public;
grant execute on function portico.flags_v1(text, bytea) to portico_app;
