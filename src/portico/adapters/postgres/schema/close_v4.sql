-- The close: one trip that writes the call's journal (audit rows, events, the stored answer) before COMMIT.
-- Whose they are is read from what the gate set, never from the caller.
--
-- It is called with its values written out, in one trip with COMMIT: without default values, which PostgreSQL would read
-- from its catalog for each call, and with one function of this name, so that a value needs no type beside it.
create function portico.close_v4(
  audits text[],          -- action, target and metadata (JSON) of each audit row, one after another
  events text[],          -- name and payload (JSON) of each event, one after another
  request_id text,
  ip text,
  user_agent text,
  digest bytea,
  fingerprint bytea,
  status smallint,
  headers text,
  body bytea
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
    values (the_org, the_user, audits[i], audits[i + 1], 'done', audits[i + 2]::jsonb, ip, user_agent, close_v4.request_id);
  end loop;

  for i in 1 .. cardinality(events) by 2 loop
    insert into portico.outbox (org_id, name, data) values (the_org, events[i], events[i + 1]::jsonb);
  end loop;

  if digest is not null then
    insert into portico.idempotency (digest, fingerprint, status, headers, body, expires_at)
    values (close_v4.digest, close_v4.fingerprint, close_v4.status, close_v4.headers, close_v4.body, now() + interval '24 hours')
    on conflict do nothing;
    if not found then
      -- A key past its day is new again; a living one belongs to who stored it first.
      update portico.idempotency kept
         set fingerprint = close_v4.fingerprint, status = close_v4.status, headers = close_v4.headers,
             body = close_v4.body, expires_at = now() + interval '24 hours'
       where kept.digest = close_v4.digest and kept.expires_at <= now();
      if not found then
        raise unique_violation using constraint = 'idempotency_pkey', message = 'this idempotency key was used meanwhile';
      end if;
    end if;
  end if;
end $$;
revoke execute on function portico.close_v4(text[], text[], text, text, text, bytea, bytea, smallint, text, bytea) from public;
grant execute on function portico.close_v4(text[], text[], text, text, text, bytea, bytea, smallint, text, bytea) to portico_app;

-- What few calls do besides, in the same trip: the jobs that they enqueue, and the job in hand, which is done with this.
create function portico.work_v1(
  jobs text,        -- as JSON; the proof is over 'jobs' and it
  proof bytea,
  request_id text,
  finished uuid,
  lease uuid
) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if jobs is not null then
    perform portico.demand_proof_v1(convert_to('jobs' || jobs, 'UTF8'), proof);
    perform portico.insert_jobs_v1(
      jobs, nullif(current_setting('app.user', true), '')::uuid, nullif(current_setting('app.org', true), '')::uuid, request_id);
  end if;
  if finished is not null then
    perform portico.finish_job_v1(finished, lease);
  end if;
end $$;
revoke execute on function portico.work_v1(text, bytea, text, uuid, uuid) from public;
grant execute on function portico.work_v1(text, bytea, text, uuid, uuid) to portico_app;
