-- Work outside of a transaction. Each function acts on the application's proof alone: no statement that somebody slipped
-- in can enter as anybody, or touch a claim.

-- Enter again as whom the gate has found: sets all that row level security reads.
create function portico.enter_v1(caller uuid, org uuid, operator boolean, proof bytea) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(
    convert_to('outside/' || coalesce(caller::text, '') || '/' || coalesce(org::text, '') || '/' || operator::text, 'UTF8'), proof);
  perform set_config('app.user', coalesce(caller::text, ''), true),
          set_config('app.org', coalesce(org::text, ''), true),
          set_config('app.operator', case when operator then 'on' else '' end, true);
end $$;

-- Take a key: a new one, one past its day, or one whose holder is taken for dead and that was for the same request.
-- Call it in the transaction of the gate, which says whose it is.
create function portico.claim_v1(
  digest bytea, fingerprint bytea, holder uuid, action text, lease interval, proof bytea
) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(convert_to('claim', 'UTF8') || digest || uuid_send(holder), proof);
  insert into portico.idempotency as kept
    (digest, fingerprint, status, headers, body, expires_at, holder, leased_until, action, org_id, user_id)
  values (claim_v1.digest, claim_v1.fingerprint, 0, '', '', clock_timestamp() + interval '24 hours',
          claim_v1.holder, clock_timestamp() + lease, claim_v1.action,
          nullif(current_setting('app.org', true), '')::uuid, nullif(current_setting('app.user', true), '')::uuid)
  on conflict on constraint idempotency_pkey do update
    set fingerprint = excluded.fingerprint, status = 0, headers = '', body = '', expires_at = excluded.expires_at,
        holder = excluded.holder, leased_until = excluded.leased_until, action = excluded.action,
        org_id = excluded.org_id, user_id = excluded.user_id
    where kept.expires_at <= clock_timestamp()
       or (kept.leased_until <= clock_timestamp() and kept.fingerprint = excluded.fingerprint);
  return found;
end $$;

-- Give a key back, in the transaction that stores its answer or for another try; false where somebody else holds it now.
create function portico.release_v1(digest bytea, holder uuid, proof bytea) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(convert_to('claim', 'UTF8') || digest || uuid_send(holder), proof);
  delete from portico.idempotency i where i.digest = release_v1.digest and i.holder = release_v1.holder;
  return found;
end $$;

-- Calls that a crash has left `processing`, longest ago first: what a job is to finish by asking the other service.
create function portico.expired_claims_v1(most integer)
returns table (digest bytea, fingerprint bytea, action text, org_id uuid, user_id uuid, leased_until timestamptz)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select i.digest, i.fingerprint, i.action, i.org_id, i.user_id, i.leased_until
    from portico.idempotency i where i.leased_until <= clock_timestamp() order by i.leased_until limit most
$$;

revoke execute on function
  portico.enter_v1(uuid, uuid, boolean, bytea),
  portico.claim_v1(bytea, bytea, uuid, text, interval, bytea),
  portico.release_v1(bytea, uuid, bytea),
  portico.expired_claims_v1(integer)
from public;
grant execute on function
  portico.enter_v1(uuid, uuid, boolean, bytea),
  portico.claim_v1(bytea, bytea, uuid, text, interval, bytea),
  portico.release_v1(bytea, uuid, bytea)
to portico_app;
grant execute on function portico.expired_claims_v1(integer) to portico_worker;
