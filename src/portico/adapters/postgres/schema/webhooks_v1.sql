-- Deliveries: noted for each endpoint that wants an event, taken endpoint by endpoint, settled one by one.
-- Whoever changes deliveries holds the row of their endpoint, so that `due_at` there never misses one.

-- Whether an endpoint's filters name an event: by its name, by `thing.*`, or by `*`.
create function portico.wants_event_v1(filters text[], event text) returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select event = any (filters) or '*' = any (filters)
      or exists (select from unnest(filters) f where right(f, 2) = '.*' and starts_with(event, left(f, -1)))
$$;

-- An endpoint hears of whatever becomes due before what it waits for.
create function portico.hear_of_delivery() returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  update portico.webhook_endpoints e set due_at = new.due_at
   where e.org_id = new.org_id and e.id = new.endpoint_id and (e.due_at is null or e.due_at > new.due_at);
  return null;
end $$;
create trigger hear_of_delivery after insert or update of state, due_at on portico.webhook_deliveries
  for each row when (new.state = 'waiting') execute function portico.hear_of_delivery();

-- What waits for an endpoint that is switched off is not sent later by itself: it can be asked for again.
create function portico.switch_endpoint() returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if new.enabled then
    new.failures := 0;
    new.stopped := null;
    new.stopped_at := null;
  else
    update portico.webhook_deliveries d set state = 'failed', problem = 'ENDPOINT_DISABLED', ended_at = now()
     where d.org_id = new.org_id and d.endpoint_id = new.id and d.state = 'waiting';
  end if;
  return new;
end $$;
create trigger switch_endpoint before update of enabled on portico.webhook_endpoints
  for each row when (old.enabled <> new.enabled) execute function portico.switch_endpoint();

-- A delivery for each event and endpoint that wants it, in the order of the events; how many.
create function portico.put_deliveries_v1(
  ids uuid[], orgs uuid[], names text[], bodies text[], moments timestamptz[], as_of timestamptz
) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  noted bigint;
begin
  perform from portico.webhook_endpoints e
    where e.enabled and exists (
      select from unnest(orgs, names) t(org_id, name) where t.org_id = e.org_id and portico.wants_event_v1(e.events, t.name))
      and e.org_id = any (orgs)
    order by e.org_id, e.id for no key update;
  with told as (
    select t.*, e.id as endpoint_id
      from unnest(ids, orgs, names, bodies, moments) with ordinality t(id, org_id, name, body, at, number)
      join portico.webhook_endpoints e
        on e.org_id = t.org_id and e.enabled and e.created_at <= t.at and portico.wants_event_v1(e.events, t.name)
  ), kept as (
    insert into portico.webhook_messages (org_id, id, event, body, at)
    select distinct org_id, id, name, body, at from told on conflict do nothing
  )
  insert into portico.webhook_deliveries (org_id, endpoint_id, message_id, due_at)
  select org_id, endpoint_id, id, as_of from told order by number, endpoint_id;
  get diagnostics noted = row_count;
  return noted;
end $$;

-- Endpoints with deliveries that are due, each leased to one worker, with the oldest of those deliveries.
create function portico.claim_endpoints_v1(most integer, each integer, as_of timestamptz, lasting interval)
returns table (
  org_id uuid, endpoint_id uuid, lease uuid, url text, plain_headers boolean, at_once smallint, secret bytea, former_secret bytea,
  id uuid, tries smallint, message_id uuid, event text, body text, sample boolean, at timestamptz
)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  e portico.webhook_endpoints;
  its_lease uuid;
begin
  for e in
    select * from portico.webhook_endpoints c
     where c.due_at <= as_of and (c.leased_until is null or c.leased_until < clock_timestamp())
     order by c.due_at limit most for no key update skip locked
  loop
    its_lease := gen_random_uuid();
    update portico.webhook_endpoints c set lease = its_lease, leased_until = clock_timestamp() + lasting
     where c.org_id = e.org_id and c.id = e.id;
    return query
      select e.org_id, e.id, its_lease, e.url, e.plain_headers, e.at_once, e.secret,
             case when e.former_until > as_of then e.former_secret end,
             d.id, d.tries, d.message_id, m.event, m.body, m.sample, m.at
        from portico.webhook_deliveries d
        join portico.webhook_messages m on m.org_id = d.org_id and m.id = d.message_id
       where d.org_id = e.org_id and d.endpoint_id = e.id and d.state = 'waiting' and d.due_at <= as_of
         and (e.enabled or m.sample)
       order by d.seq limit each;
    if not found then
      perform portico.release_endpoint_v1(e.org_id, e.id, its_lease);
    end if;
  end loop;
end $$;

-- An endpoint given back; when the next of its deliveries is due.
create function portico.release_endpoint_v1(the_org uuid, the_endpoint uuid, the_lease uuid) returns timestamptz
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  e portico.webhook_endpoints;
  next_due timestamptz;
begin
  select * into e from portico.webhook_endpoints c
   where c.org_id = the_org and c.id = the_endpoint and c.lease = the_lease for no key update;
  if not found then
    return null;
  end if;
  if e.enabled then
    select min(d.due_at) into next_due from portico.webhook_deliveries d
     where d.org_id = the_org and d.endpoint_id = the_endpoint and d.state = 'waiting';
  else
    select min(d.due_at) into next_due
      from portico.webhook_deliveries d join portico.webhook_messages m on m.org_id = d.org_id and m.id = d.message_id
     where d.org_id = the_org and d.endpoint_id = the_endpoint and d.state = 'waiting' and m.sample;
  end if;
  update portico.webhook_endpoints c set due_at = next_due, lease = null, leased_until = null
   where c.org_id = the_org and c.id = the_endpoint;
  return next_due;
end $$;

-- Those of the leases that are still held, each prolonged.
create function portico.extend_endpoints_v1(orgs uuid[], ids uuid[], leases uuid[], lasting interval) returns setof uuid
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  update portico.webhook_endpoints e set leased_until = clock_timestamp() + lasting
    from unnest(orgs, ids, leases) h(org_id, id, lease)
   where e.org_id = h.org_id and e.id = h.id and e.lease = h.lease
  returning e.lease
$$;

-- What came of one attempt. `again_at` is null where there is to be no other; `notice` are the jobs that tell the owners,
-- should the endpoint be switched off: because it is gone, or because it has failed for the `most`th time in a row.
-- Whether the endpoint is still held, and still to be sent to.
create function portico.settle_delivery_v1(
  the_org uuid, the_endpoint uuid, the_lease uuid, the_delivery uuid,
  outcome jsonb,  -- at, status, problem, answer, milliseconds, again_at, done, gone
  most integer, notice text
) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  o record;
  e portico.webhook_endpoints;
  d portico.webhook_deliveries;
  counts boolean;
  why text;
begin
  select * into o from jsonb_to_record(outcome)
    r(at timestamptz, status smallint, problem text, answer text, milliseconds integer, again_at timestamptz, done boolean, gone boolean);
  select * into e from portico.webhook_endpoints c where c.org_id = the_org and c.id = the_endpoint for no key update;
  if not found then
    return false;  -- deleted meanwhile, and its deliveries with it
  end if;
  -- Sent twice, by a worker that was thought to be lost: what has arrived has arrived.
  update portico.webhook_deliveries w
     set state = case when o.done or w.state = 'done' then 'done'
                      when w.state = 'waiting' and o.again_at is not null and e.enabled and not o.gone then 'waiting'
                      else 'failed' end,
         due_at = coalesce(o.again_at, w.due_at), tries = w.tries + 1, attempts = w.attempts + 1,
         status = o.status, problem = o.problem
   where w.org_id = the_org and w.id = the_delivery
  returning * into d;
  if not found then
    return false;
  end if;
  if d.state <> 'waiting' then
    update portico.webhook_deliveries w set ended_at = clock_timestamp() where w.org_id = the_org and w.id = the_delivery;
  end if;
  insert into portico.webhook_attempts (org_id, delivery_id, attempt, at, status, problem, answer, milliseconds, next_at)
  values (the_org, the_delivery, d.attempts, o.at, o.status, o.problem, o.answer, o.milliseconds,
          case when d.state = 'waiting' then o.again_at end);

  counts := not exists (select from portico.webhook_messages m where m.org_id = the_org and m.id = d.message_id and m.sample);
  if counts and o.done and e.failures > 0 then
    update portico.webhook_endpoints c set failures = 0 where c.org_id = the_org and c.id = the_endpoint;
  elsif counts and d.state = 'failed' then
    why := case when o.gone then 'gone' when e.failures + 1 >= most then 'failing' end;
    update portico.webhook_endpoints c
       set failures = c.failures + 1, enabled = c.enabled and why is null,
           stopped = case when c.enabled then why else c.stopped end,
           stopped_at = case when c.enabled and why is not null then clock_timestamp() else c.stopped_at end
     where c.org_id = the_org and c.id = the_endpoint;
    if e.enabled and why is not null then
      perform portico.insert_jobs_v1(notice, null, null, 'webhook-' || the_endpoint);
      return false;
    end if;
  end if;
  return e.lease is not distinct from the_lease and (e.enabled or not counts);
end $$;

revoke execute on function
  portico.wants_event_v1(text[], text),
  portico.hear_of_delivery(),
  portico.switch_endpoint(),
  portico.put_deliveries_v1(uuid[], uuid[], text[], text[], timestamptz[], timestamptz),
  portico.claim_endpoints_v1(integer, integer, timestamptz, interval),
  portico.release_endpoint_v1(uuid, uuid, uuid),
  portico.extend_endpoints_v1(uuid[], uuid[], uuid[], interval),
  portico.settle_delivery_v1(uuid, uuid, uuid, uuid, jsonb, integer, text)
from public;
grant execute on function
  portico.put_deliveries_v1(uuid[], uuid[], text[], text[], timestamptz[], timestamptz),
  portico.claim_endpoints_v1(integer, integer, timestamptz, interval),
  portico.release_endpoint_v1(uuid, uuid, uuid),
  portico.extend_endpoints_v1(uuid[], uuid[], uuid[], interval),
  portico.settle_delivery_v1(uuid, uuid, uuid, uuid, jsonb, integer, text)
to portico_worker;
