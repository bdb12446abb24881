-- Jobs into the table, and out of it. Who they run for is said by the call that wrote them, never by its statements.
create function portico.insert_jobs_v1(jobs text, the_user uuid, the_org uuid, the_request text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  j record;
begin
  for j in
    select * from jsonb_to_recordset(jobs::jsonb)
      r(id uuid, name text, input jsonb, key text, lane text, priority smallint, at timestamptz, attempts smallint,
        event uuid, org uuid, locale text, cancel boolean)
  loop
    if j.cancel then
      delete from portico.jobs w
       where w.name = j.name and w.org_id is not distinct from coalesce(the_org, j.org) and w.key = j.key
         and w.state = 'waiting';
      continue;
    end if;
    if j.lane is not null then
      -- Whoever ends a job of the lane waits here, or is waited for: the next one is let go by one of the two.
      perform pg_advisory_xact_lock(hashtextextended('portico.lane ' || j.lane, 0));
    end if;
    insert into portico.jobs
      (id, name, input, org_id, user_id, key, lane, priority, state, due_at, attempts, event_id, request_id, locale)
    values
      (j.id, j.name, j.input, coalesce(the_org, j.org), the_user, j.key, j.lane, coalesce(j.priority, 2),
       case when j.lane is not null and exists (
              select from portico.jobs w where w.lane = j.lane and w.state in ('waiting', 'held', 'running'))
            then 'held' else 'waiting' end,
       j.at, coalesce(j.attempts, 5), j.event, the_request, coalesce(j.locale, 'en'))
    -- Of two under one key, the later one says when and with what.
    on conflict (name, org_id, key) where state = 'waiting' and key is not null do update
      set input = excluded.input, due_at = excluded.due_at, user_id = excluded.user_id, priority = excluded.priority,
          attempts = excluded.attempts, attempt = 0, request_id = excluded.request_id, locale = excluded.locale, problem = null;
  end loop;
end $$;

-- Let the next one of a lane go, where none is on its way.
create function portico.follow_in_lane_v1(the_lane text) returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  update portico.jobs j set state = 'waiting'
   where j.id = (select h.id from portico.jobs h where h.lane = the_lane and h.state = 'held' order by h.seq limit 1)
     and not exists (select from portico.jobs w where w.lane = the_lane and w.state in ('waiting', 'running'))
$$;

-- The job in hand is done, in the transaction of what it did: of a job that runs twice, one is undone.
create function portico.finish_job_v1(finished uuid, the_lease uuid) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  its_lane text;
  its_event uuid;
begin
  select j.lane, j.event_id into its_lane, its_event from portico.jobs j where j.id = finished;
  if its_lane is not null then
    perform pg_advisory_xact_lock(hashtextextended('portico.lane ' || its_lane, 0));
  end if;
  delete from portico.jobs j where j.id = finished and j.lease = the_lease and j.state = 'running';
  if not found then
    raise object_not_in_prerequisite_state using message = 'this job is no longer in hand: it was cancelled, or given to another worker';
  end if;
  if its_lane is not null then
    perform portico.follow_in_lane_v1(its_lane);
  elsif its_event is not null then
    update portico.inbox i set handled_at = clock_timestamp() where i.id = its_event;
  end if;
end $$;

-- A job whose attempt has failed: tried again at `again_at`, or never where that is null.
create function portico.fail_job_v1(failed uuid, the_lease uuid, again_at timestamptz, problem text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  its_lane text;
begin
  select j.lane into its_lane from portico.jobs j where j.id = failed;
  if its_lane is not null then
    perform pg_advisory_xact_lock(hashtextextended('portico.lane ' || its_lane, 0));
  end if;
  begin
    update portico.jobs j
       set state = case when again_at is null then 'dead' else 'waiting' end, due_at = coalesce(again_at, j.due_at),
           ended_at = case when again_at is null then now() end, problem = fail_job_v1.problem::jsonb,
           lease = null, leased_until = null
     where j.id = failed and j.lease = the_lease and j.state = 'running';
    if not found then
      return false;
    end if;
  exception when unique_violation then
    -- Another one waits under the same key by now, and takes its place.
    delete from portico.jobs j where j.id = failed;
  end;
  if its_lane is not null and again_at is null then
    perform portico.follow_in_lane_v1(its_lane);
  end if;
  return true;
end $$;

-- Jobs that are due, leased to a worker; first those whose worker has died are taken back.
-- A name that the worker does not know is left to one that does, until it has waited since before `strange_since`.
create function portico.claim_jobs_v1(
  the_worker text, known text[], most integer, as_of timestamptz, lasting interval, strange_since timestamptz
) returns setof portico.jobs
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  lost record;
  left_over integer := most;
  taken integer;
begin
  for lost in
    select j.id, j.lease, j.attempt >= j.attempts as spent, j.worker from portico.jobs j
     where j.state = 'running' and j.leased_until < clock_timestamp() limit 100 for update skip locked
  loop
    perform portico.fail_job_v1(lost.id, lost.lease, case when not lost.spent then as_of end,
                                jsonb_build_object('code', 'WORKER_LOST', 'message', 'The worker ' || coalesce(lost.worker, '?') || ' was lost while the job ran.')::text);
  end loop;
  for rank in 1 .. 3 loop
    exit when left_over <= 0;
    return query
      with due as (
        select w.id from portico.jobs w
         where w.state = 'waiting' and w.priority = rank and w.due_at <= as_of and (w.name = any (known) or w.due_at < strange_since)
         order by w.due_at, w.seq limit left_over for update skip locked)
      update portico.jobs j
         set state = 'running', attempt = j.attempt + 1, lease = gen_random_uuid(), leased_until = clock_timestamp() + lasting,
             worker = the_worker
        from due where j.id = due.id
      returning j.*;
    get diagnostics taken = row_count;
    left_over := left_over - taken;
  end loop;
end $$;

-- Those of the leases that are still held, each prolonged.
create function portico.extend_leases_v1(held uuid[], leases uuid[], lasting interval) returns setof uuid
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  update portico.jobs j set leased_until = clock_timestamp() + lasting
    from unnest(held, leases) h(id, lease)
   where j.id = h.id and j.lease = h.lease and j.state = 'running'
  returning j.id
$$;

-- Given back as if it had not begun.
create function portico.release_job_v1(released uuid, the_lease uuid) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  update portico.jobs j set state = 'waiting', attempt = greatest(j.attempt - 1, 0), lease = null, leased_until = null
   where j.id = released and j.lease = the_lease and j.state = 'running';
exception when unique_violation then
  delete from portico.jobs j where j.id = released;
end $$;

-- Failed and cancelled ones wait again, with all their attempts; how many.
create function portico.retry_jobs_v1(which uuid[], as_of timestamptz) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  each uuid;
  retried bigint := 0;
begin
  foreach each in array which loop
    begin
      update portico.jobs j set state = 'waiting', attempt = 0, due_at = as_of, ended_at = null, lane = null
       where j.id = each and j.state in ('dead', 'cancelled');
      retried := retried + found::integer;
    exception when unique_violation then
      null;
    end;
  end loop;
  return retried;
end $$;

-- Neither run again nor finished: one that runs is undone at its end, and interrupted before; how many.
create function portico.cancel_jobs_v1(which uuid[]) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  each uuid;
  its_lane text;
  cancelled bigint := 0;
begin
  foreach each in array which loop
    select j.lane into its_lane from portico.jobs j where j.id = each;
    if its_lane is not null then
      perform pg_advisory_xact_lock(hashtextextended('portico.lane ' || its_lane, 0));
    end if;
    update portico.jobs j set state = 'cancelled', ended_at = now(), lease = null, leased_until = null
     where j.id = each and j.state in ('waiting', 'held', 'running', 'dead');
    cancelled := cancelled + found::integer;
    if its_lane is not null then
      perform portico.follow_in_lane_v1(its_lane);
    end if;
  end loop;
  return cancelled;
end $$;

-- What an operator does to a job over HTTP; the proof is over 'change-job', how, and its id. A retried one need not wait to
-- be found. False where its state, or another job under its key, does not let it.
create function portico.change_job_v1(how text, which uuid, as_of timestamptz, proof bytea) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(convert_to('change-job' || how, 'UTF8') || uuid_send(which), proof);
  if how = 'cancel' then
    return portico.cancel_jobs_v1(array[which]) > 0;
  end if;
  perform pg_notify('portico_work', '');
  return portico.retry_jobs_v1(array[which], as_of) > 0;
end $$;

-- A scheduled job is due: of all workers that say so, one enqueues it. `seen` is when it was due, null where it is new or
-- its schedule has changed; then only the next time is noted.
create function portico.tick_v1(the_name text, the_cron text, seen timestamptz, next_at timestamptz, job text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if seen is null then
    insert into portico.schedules as s (name, cron, due_at) values (the_name, the_cron, next_at)
    on conflict (name) do update set cron = excluded.cron, due_at = excluded.due_at where s.cron <> excluded.cron;
    return false;
  end if;
  update portico.schedules s set due_at = next_at where s.name = the_name and s.due_at = seen;
  if found then
    perform portico.insert_jobs_v1(job, null, null, 'cron-' || (job::jsonb -> 0 ->> 'id'));
  end if;
  return found;
end $$;

-- Tell workers, at the commit, that there is work: for what is done seldom and by hand. Commits that tell wait for each
-- other, so that those of ordinary calls are told of afterwards.
create function portico.ring_v1() returns void
language sql volatile
set search_path = pg_catalog, pg_temp
as $$ select pg_notify('portico_work', '') $$;

create function portico.schedules_v1() returns setof portico.schedules
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$ select * from portico.schedules $$;

create function portico.put_jobs_v1(jobs text, the_request text) returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$ select portico.insert_jobs_v1(jobs, null, null, the_request) $$;

-- A job that is nobody's enters an organization; the proof is over 'enter' and the organization's id.
create function portico.enter_v1(wanted uuid, proof bytea, out id uuid, out name text, out slug text, out plan text, out timezone text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(convert_to('enter', 'UTF8') || uuid_send(wanted), proof);
  select o.id, o.name, o.slug, o.plan, o.timezone into enter_v1.id, enter_v1.name, enter_v1.slug, enter_v1.plan, enter_v1.timezone
    from portico.organizations o where o.id = wanted and o.deleted_at is null;
  perform set_config('app.user', '', true), set_config('app.org', coalesce(enter_v1.id::text, ''), true);
end $$;

create function portico.leave_v1() returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$ select set_config('app.org', '', true) $$;

revoke execute on function
  portico.insert_jobs_v1(text, uuid, uuid, text),
  portico.follow_in_lane_v1(text),
  portico.finish_job_v1(uuid, uuid),
  portico.fail_job_v1(uuid, uuid, timestamptz, text),
  portico.claim_jobs_v1(text, text[], integer, timestamptz, interval, timestamptz),
  portico.extend_leases_v1(uuid[], uuid[], interval),
  portico.release_job_v1(uuid, uuid),
  portico.retry_jobs_v1(uuid[], timestamptz),
  portico.cancel_jobs_v1(uuid[]),
  portico.change_job_v1(text, uuid, timestamptz, bytea),
  portico.tick_v1(text, text, timestamptz, timestamptz, text),
  portico.schedules_v1(),
  portico.put_jobs_v1(text, text),
  portico.ring_v1(),
  portico.enter_v1(uuid, bytea),
  portico.leave_v1()
from public;
grant execute on function
  portico.fail_job_v1(uuid, uuid, timestamptz, text),
  portico.claim_jobs_v1(text, text[], integer, timestamptz, interval, timestamptz),
  portico.extend_leases_v1(uuid[], uuid[], interval),
  portico.release_job_v1(uuid, uuid),
  portico.tick_v1(text, text, timestamptz, timestamptz, text),
  portico.schedules_v1(),
  portico.put_jobs_v1(text, text)
to portico_worker;
grant execute on function
  portico.change_job_v1(text, uuid, timestamptz, bytea),
  portico.enter_v1(uuid, bytea),
  portico.leave_v1(),
  portico.ring_v1()
to portico_app;
