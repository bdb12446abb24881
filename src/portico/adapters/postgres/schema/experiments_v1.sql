-- What a process has noted of experiments since it last wrote: who saw which variant counts once, an event as often as it
-- happened. `happenings` is a JSON array of experiment, subject (hexadecimal), variant, event ('' where one was seen) and at.
create function portico.track_v1(happenings text, proof bytea) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(convert_to('track' || happenings, 'UTF8'), proof);
  -- In one order, so that two processes that write at once do not wait for each other in a circle.
  insert into portico.exposures (experiment, subject, variant, at)
  select distinct on (h.experiment, h.subject) h.experiment, decode(h.subject, 'hex'), h.variant, h.at
    from json_to_recordset(happenings::json) h(experiment text, subject text, variant text, event text, at timestamptz)
   where h.event = ''
   order by h.experiment, h.subject, h.at
  on conflict (experiment, subject) do nothing;
  insert into portico.conversions as c (experiment, event, subject, times, latest)
  select h.experiment, h.event, decode(h.subject, 'hex'), count(*), max(h.at)
    from json_to_recordset(happenings::json) h(experiment text, subject text, variant text, event text, at timestamptz)
   where h.event <> ''
   group by h.experiment, h.event, h.subject
   order by h.experiment, h.event, h.subject
  on conflict (experiment, event, subject) do update
     set times = c.times + excluded.times, latest = greatest(c.latest, excluded.latest);
end $$;
revoke execute on function portico.track_v1(text, bytea) from public;
grant execute on function portico.track_v1(text, bytea) to portico_app;
