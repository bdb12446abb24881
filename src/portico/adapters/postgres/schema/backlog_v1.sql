-- How much background work waits, for health and metrics: counts and ages alone, of all organizations together.
-- `overdue` is how long the longest-due job that may run has waited, `behind` how old the oldest event is that a handler
-- has not been given; seconds, 0 where there is none. Counts end at 10,000. The proof is over 'backlog'.
create function portico.backlog_v1(
  as_of timestamptz, proof bytea,
  out waiting bigint, out running bigint, out dead bigint, out overdue double precision, out behind double precision
)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(convert_to('backlog', 'UTF8'), proof);
  select count(*) into waiting from (select from portico.jobs j where j.state = 'waiting' limit 10000) w;
  select count(*) into running from (select from portico.jobs j where j.state = 'running' limit 10000) r;
  select count(*) into dead from (select from portico.jobs j where j.state = 'dead' limit 10000) d;
  -- One look into the index for each priority.
  select coalesce(max(extract(epoch from as_of - o.due_at)), 0) into overdue
    from unnest(array[1, 2, 3]::smallint[]) p(priority),
         lateral (select j.due_at from portico.jobs j
                   where j.state = 'waiting' and j.priority = p.priority and j.due_at <= as_of
                   order by j.due_at limit 1) o;
  -- A cursor that nobody moves any more (its handler is gone) holds up nobody.
  select greatest(coalesce(max(extract(epoch from clock_timestamp() - e.at)), 0), 0) into behind
    from portico.event_cursors c,
         lateral (select o.at from portico.outbox o where (o.xid, o.id) > (c.xid, c.id)
                   order by o.xid, o.id limit 1) e
   where c.served_at > now() - interval '1 day';
end $$;

revoke execute on function portico.backlog_v1(timestamptz, bytea) from public;
grant execute on function portico.backlog_v1(timestamptz, bytea) to portico_app;
