-- Events out of the outbox. An event is read once every transaction that may still come before it is over: the outbox is
-- ordered by transaction, and read below the oldest one that is open.

-- Listeners that are new begin where the outbox ends, or at its very beginning; of those that are known it is noted that
-- somebody knows them.
create function portico.join_events_v1(consumers text[], from_beginning boolean) returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  insert into portico.event_cursors (consumer, xid, id)
  select c, case when from_beginning then '0'::xid8 else pg_snapshot_xmin(pg_current_snapshot()) end, 0
    from unnest(consumers) c order by c
  on conflict (consumer) do update set served_at = now()
$$;

-- A job for each event that a handler listens to, in the transaction that moves the handler's cursor on: none is left out,
-- and none comes twice. Several workers may ask at once; one of them does it. How many.
create function portico.relay_v1(handlers text, most integer, as_of timestamptz) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  h record;
  read_to portico.event_cursors;
  horizon xid8;
  e record;
  taken integer;
  relayed bigint := 0;
begin
  for h in
    select * from jsonb_to_recordset(handlers::jsonb) r(name text, event text, attempts smallint, priority smallint)
  loop
    select * into read_to from portico.event_cursors c where c.consumer = h.name for update skip locked;
    continue when not found;
    horizon := pg_snapshot_xmin(pg_current_snapshot());
    if read_to.served_at < now() - interval '1 hour' then
      update portico.event_cursors c set served_at = now() where c.consumer = h.name;
    end if;
    continue when not exists (
      select from portico.outbox o where (o.xid, o.id) > (read_to.xid, read_to.id) and o.xid < horizon);
    taken := 0;
    for e in
      select o.xid, o.id, o.org_id, o.event_id, o.data from portico.outbox o
       where (o.xid, o.id) > (read_to.xid, read_to.id) and o.xid < horizon and o.name = h.event
       order by o.xid, o.id limit most
    loop
      perform portico.insert_jobs_v1(
        jsonb_build_array(jsonb_build_object(
          'id', portico.new_id(), 'name', h.name, 'input', e.data, 'org', e.org_id, 'event', e.event_id, 'at', as_of,
          'priority', h.priority, 'attempts', h.attempts, 'lane', h.name || ' ' || coalesce(e.org_id::text, '')))::text,
        null, null, 'event-' || e.event_id);
      taken := taken + 1;
      read_to.xid := e.xid;
      read_to.id := e.id;
    end loop;
    if taken < most then
      read_to.xid := horizon;
      read_to.id := 0;
    end if;
    update portico.event_cursors c set xid = read_to.xid, id = read_to.id, served_at = now() where c.consumer = h.name;
    relayed := relayed + taken;
  end loop;
  if relayed > 0 then
    notify portico_work;  -- there are jobs now; it makes nobody's call wait
  end if;
  return relayed;
end $$;

-- The next events for a consumer that works by itself; nothing where another process reads for it. The caller's transaction
-- holds the cursor until `move_events_v1` has moved it.
create function portico.take_events_v1(the_consumer text, most integer)
returns table (
  xid xid8, id bigint, event_id uuid, org_id uuid, name text, data jsonb, at timestamptz, audience uuid[]
)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  read_to portico.event_cursors;
begin
  select * into read_to from portico.event_cursors c where c.consumer = the_consumer for update skip locked;
  if found then
    update portico.event_cursors c set served_at = now()
     where c.consumer = the_consumer and c.served_at < now() - interval '1 hour';
    return query
      select o.xid, o.id, o.event_id, o.org_id, o.name, o.data, o.at, o.audience from portico.outbox o
       where (o.xid, o.id) > (read_to.xid, read_to.id) and o.xid < pg_snapshot_xmin(pg_current_snapshot())
       order by o.xid, o.id limit most;
  end if;
end $$;

create function portico.move_events_v1(the_consumer text, to_xid xid8, to_id bigint) returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  update portico.event_cursors c set xid = to_xid, id = to_id, served_at = now() where c.consumer = the_consumer
$$;

revoke execute on function
  portico.join_events_v1(text[], boolean),
  portico.relay_v1(text, integer, timestamptz),
  portico.take_events_v1(text, integer),
  portico.move_events_v1(text, xid8, bigint)
from public;
grant execute on function
  portico.join_events_v1(text[], boolean),
  portico.relay_v1(text, integer, timestamptz),
  portico.take_events_v1(text, integer),
  portico.move_events_v1(text, xid8, bigint)
to portico_worker;
