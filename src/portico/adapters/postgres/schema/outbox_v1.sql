-- Events are removed in the order of their places, which is nearly that of their time: an index by time alone would be one
-- more into which each event is put.
drop index portico.outbox_at_idx;

-- At most so many events from the beginning of the outbox that are older, and that every listener has read; how many they
-- were. One that came late under an early place stays there until it is old, too, and keeps none behind it from going.
create function portico.sweep_events_v1(before timestamptz, most integer) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  read_by_all portico.event_cursors;
  removed bigint;
begin
  select * into read_by_all from portico.event_cursors c order by c.xid, c.id limit 1;
  delete from portico.outbox o where o.ctid = any (array(
    select t.ctid from portico.outbox t
     where t.at <= before and t.ctid = any (array(
       select f.ctid from portico.outbox f
        where read_by_all.consumer is null or (f.xid, f.id) <= (read_by_all.xid, read_by_all.id)
        order by f.xid, f.id limit most))
       for update skip locked));
  get diagnostics removed = row_count;
  return removed;
end $$;
revoke execute on function portico.sweep_events_v1(timestamptz, integer) from public;
grant execute on function portico.sweep_events_v1(timestamptz, integer) to portico_worker;
