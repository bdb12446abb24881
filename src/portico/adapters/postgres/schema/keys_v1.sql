-- API keys. What makes one demands a proof that only the application can make, so that no injected statement can.

-- The proof is over 'api-key', the id of the user whom the key acts as, and the key's hash.
create function portico.put_key_v1(
  user_id uuid, org_id uuid, key_hash bytea, proof bytea, hint text, name text, scopes text[], rate text, expires_at timestamptz
) returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  made uuid;
  held bigint;
begin
  perform portico.demand_proof_v1(
    convert_to('api-key', 'UTF8') || uuid_send(put_key_v1.user_id) || put_key_v1.key_hash, proof);
  if put_key_v1.org_id is null then
    select count(*) into held from portico.api_keys k where k.user_id = put_key_v1.user_id and k.org_id is null;
  else
    select count(*) into held from portico.api_keys k where k.org_id = put_key_v1.org_id;
  end if;
  if held >= 100 then
    raise check_violation using constraint = 'api_keys_most', message = 'a person or an organization has at most 100 keys';
  end if;
  insert into portico.api_keys (user_id, org_id, key_hash, hint, name, scopes, rate, expires_at)
  values (put_key_v1.user_id, put_key_v1.org_id, put_key_v1.key_hash, put_key_v1.hint, put_key_v1.name, put_key_v1.scopes,
          put_key_v1.rate, put_key_v1.expires_at)
  returning id into made;
  return made;
end $$;

-- A key of one's own.
create function portico.create_key_v1(
  key_hash bytea, proof bytea, hint text, name text, scopes text[], rate text, expires_at timestamptz
) returns uuid
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  select portico.put_key_v1(nullif(current_setting('app.user', true), '')::uuid, null, key_hash, proof, hint, name, scopes, rate, expires_at)
$$;

-- A key of the organization, with the service member that it acts as. Owners are people: else the last one could go.
create function portico.create_service_key_v1(
  service uuid, role text, custom_role text,
  key_hash bytea, proof bytea, hint text, name text, scopes text[], rate text, expires_at timestamptz
) returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare the_org uuid := nullif(current_setting('app.org', true), '')::uuid;
begin
  if create_service_key_v1.role = 'owner' then
    raise insufficient_privilege using message = 'a service is no owner';
  end if;
  insert into portico.users (id, kind, email, name)
  values (service, 'service', service || '@service.invalid', create_service_key_v1.name);
  insert into portico.members (org_id, user_id, role, custom_role)
  values (the_org, service, create_service_key_v1.role, create_service_key_v1.custom_role);
  return portico.put_key_v1(service, the_org, key_hash, proof, hint, create_service_key_v1.name, scopes, rate, expires_at);
end $$;

-- The service has its key's name, and goes with it, whichever way the key goes.
create function portico.follow_key_v1() returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'DELETE' then
    delete from portico.users u where u.id = old.user_id and u.kind = 'service';
  else
    update portico.users u set name = new.name where u.id = new.user_id and u.kind = 'service';
  end if;
  return null;
end $$;
create trigger follow_key after delete or update of name on portico.api_keys
  for each row when (old.org_id is not null) execute function portico.follow_key_v1();

revoke execute on function
  portico.put_key_v1(uuid, uuid, bytea, bytea, text, text, text[], text, timestamptz),
  portico.create_key_v1(bytea, bytea, text, text, text[], text, timestamptz),
  portico.create_service_key_v1(uuid, text, text, bytea, bytea, text, text, text[], text, timestamptz),
  portico.follow_key_v1()
from public;
grant execute on function
  portico.create_key_v1(bytea, bytea, text, text, text[], text, timestamptz),
  portico.create_service_key_v1(uuid, text, text, bytea, bytea, text, text, text[], text, timestamptz)
to portico_app;
