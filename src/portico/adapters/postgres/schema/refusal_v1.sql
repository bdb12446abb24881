-- A refused or failed sensitive call, audited in a transaction of its own: the call's own was rolled back.
create function portico.refusal_v1(
  org_id uuid, user_id uuid, action text, target text, outcome text, metadata text, ip text, user_agent text, request_id text
) returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  insert into portico.audit (org_id, user_id, action, target, outcome, metadata, ip, user_agent, request_id)
  select $1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9 where $5 in ('denied', 'failed')
$$;

-- Does this process hold the key that the database was migrated with?
create function portico.proved_v1(message bytea, mac bytea) returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select mac = sha256(outer_pad || sha256(inner_pad || message)) from portico.proof_key
$$;
