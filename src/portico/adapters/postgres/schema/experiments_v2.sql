-- What a process has noted of experiments since it last wrote: who saw which variant counts once, an event as often as it
-- happened since. `happenings` is a JSON array of experiment, subject (hexadecimal), variant, event ('' where one was seen)
-- and at.
create function portico.track_v2(happenings text, proof bytea) returns void
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
  -- What was done before the variant was seen is not counted; where that was counted already, as nobody knew, it begins anew.
  insert into portico.conversions as c (experiment, event, subject, times, latest)
  select h.experiment, h.event, decode(h.subject, 'hex'), count(*), max(h.at)
    from json_to_recordset(happenings::json) h(experiment text, subject text, variant text, event text, at timestamptz)
    left join portico.exposures x on x.experiment = h.experiment and x.subject = decode(h.subject, 'hex')
   where h.event <> '' and (x.at is null or h.at >= x.at)
   group by h.experiment, h.event, h.subject
   order by h.experiment, h.event, h.subject
  on conflict (experiment, event, subject) do update
     set times = excluded.times + case when c.latest < (select x.at from portico.exposures x
                                                         where x.experiment = c.experiment and x.subject = c.subject)
                                       then 0 else c.times end,
         latest = greatest(c.latest, excluded.latest);
end $$;
revoke execute on function portico.track_v2(text, bytea) from public;
grant execute on function portico.track_v2(text, bytea) to portico_app;
