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
        org_id = excluded.org_id, user_id = excluded.user_id, told_at = null
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

-- Calls that a crash has left `processing` and of which nobody was told, longest ago first.
create function portico.expired_claims_v1(most integer)
returns table (digest bytea, fingerprint bytea, holder uuid, action text, org_id uuid, user_id uuid, leased_until timestamptz)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select i.digest, i.fingerprint, i.holder, i.action, i.org_id, i.user_id, i.leased_until
    from portico.idempotency i
   where i.leased_until <= clock_timestamp() and i.told_at is null order by i.leased_until limit most
$$;

-- Tell of such a call, once: into the audit, and to the jobs (JSON) that ask the other service and finish it, as whoever
-- made the call. False where somebody has told of it, or where it goes on under another holder.
create function portico.tell_of_claim_v1(
  the_digest bytea, the_holder uuid, jobs text, metadata text, the_request text
) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  lost portico.idempotency;
begin
  update portico.idempotency i set told_at = clock_timestamp()
   where i.digest = the_digest and i.holder = the_holder and i.told_at is null and i.leased_until <= clock_timestamp()
  returning * into lost;
  if not found then
    return false;
  end if;
  insert into portico.audit (org_id, user_id, action, target, outcome, metadata, request_id)
  values (lost.org_id, lost.user_id, 'external.interrupted', lost.action, 'failed', metadata::jsonb, the_request);
  perform portico.insert_jobs_v1(jobs, lost.user_id, lost.org_id, the_request);
  return true;
end $$;

revoke execute on function
  portico.enter_v1(uuid, uuid, boolean, bytea),
  portico.claim_v1(bytea, bytea, uuid, text, interval, bytea),
  portico.release_v1(bytea, uuid, bytea),
  portico.expired_claims_v1(integer),
  portico.tell_of_claim_v1(bytea, uuid, text, text, text)
from public;
grant execute on function
  portico.enter_v1(uuid, uuid, boolean, bytea),
  portico.claim_v1(bytea, bytea, uuid, text, interval, bytea),
  portico.release_v1(bytea, uuid, bytea)
to portico_app;
grant execute on function
  portico.expired_claims_v1(integer),
  portico.tell_of_claim_v1(bytea, uuid, text, text, text)
to portico_worker;
