-- The close: one trip that writes the call's journal (audit rows, events, jobs, the stored answer) before COMMIT.
-- Whose they are is read from what the gate set, never from the caller.
--
-- It is called with its values written out, in one trip with COMMIT: without default values, which PostgreSQL would read
-- from its catalog for each call, and with one function of this name, so that a value needs no type beside it.
create function portico.close_v3(
  audits text[],          -- action, target and metadata (JSON) of each audit row, one after another
  events text[],          -- name and payload (JSON) of each event, one after another
  request_id text,
  ip text,
  user_agent text,
  digest bytea,
  fingerprint bytea,
  status smallint,
  headers text,
  body bytea,
  keep interval,
  jobs text,        -- jobs to be enqueued, as JSON; the proof is over 'jobs' and it
  jobs_proof bytea,
  finished uuid,    -- the job in hand, which is done with this
  lease uuid
) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  the_user uuid := nullif(current_setting('app.user', true), '')::uuid;
  the_org uuid := nullif(current_setting('app.org', true), '')::uuid;
  i integer;
begin
  for i in 1 .. cardinality(audits) by 3 loop
    insert into portico.audit (org_id, user_id, action, target, outcome, metadata, ip, user_agent, request_id)
    values (the_org, the_user, audits[i], audits[i + 1], 'done', audits[i + 2]::jsonb, ip, user_agent, close_v3.request_id);
  end loop;

  for i in 1 .. cardinality(events) by 2 loop
    insert into portico.outbox (org_id, name, data) values (the_org, events[i], events[i + 1]::jsonb);
  end loop;

  if jobs is not null or finished is not null then
    if jobs is not null then
      perform portico.demand_proof_v1(convert_to('jobs' || jobs, 'UTF8'), jobs_proof);
      perform portico.insert_jobs_v1(jobs, the_user, the_org, close_v3.request_id);
    end if;
    if finished is not null then
      perform portico.finish_job_v1(finished, lease);
    end if;
  end if;

  if digest is not null then
    -- A key past its day is new again; a living one belongs to who stored it first.
    insert into portico.idempotency as kept (digest, fingerprint, status, headers, body, expires_at)
    values (close_v3.digest, close_v3.fingerprint, close_v3.status, close_v3.headers, close_v3.body, now() + keep)
    on conflict on constraint idempotency_pkey do update
      set fingerprint = excluded.fingerprint, status = excluded.status, headers = excluded.headers,
          body = excluded.body, expires_at = excluded.expires_at
      where kept.expires_at <= now();
    if not found then
      raise unique_violation using constraint = 'idempotency_pkey', message = 'this idempotency key was used meanwhile';
    end if;
  end if;
end $$;
revoke execute on function portico.close_v3(text[], text[], text, text, text, bytea, bytea, smallint, text, bytea, interval, text, bytea, uuid, uuid) from public;
grant execute on function portico.close_v3(text[], text[], text, text, text, bytea, bytea, smallint, text, bytea, interval, text, bytea, uuid, uuid) to portico_app;
