-- Last uses, as a process has noted them since it last wrote: a session that is used lasts `idle` longer, never past its end,
-- and one that has expired stays so. A drift is audited once for each device and network of a session.
create function portico.touch_v1(
  session_ids uuid[],
  session_uses timestamptz[],
  key_ids uuid[],
  key_uses timestamptz[],
  idle interval,
  drifts text             -- JSON: an array of session, device, place, refused, at, ip, user_agent, request_id
) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  told record;
  held record;
  seen jsonb;
  here jsonb;
begin
  -- Rows are locked in one order, so that two processes that write at once do not wait for each other in a circle.
  perform from portico.sessions s
    where s.id = any (session_ids || array(select (d->>'session')::uuid from jsonb_array_elements(drifts::jsonb) d))
    order by s.id for no key update;
  update portico.sessions s
     set last_used_at = greatest(s.last_used_at, used.at),
         -- A token of another issuer says itself how long it lasts.
         expires_at = case when s.method = 'jwt' then s.expires_at
                           else greatest(s.expires_at, least(used.at + idle, s.ends_at)) end
    from (select u.id, least(u.at, now()) as at from unnest(session_ids, session_uses) u(id, at)) used
   where s.id = used.id and s.expires_at > now();

  perform from portico.api_keys k where k.id = any (key_ids) order by k.id for no key update;
  update portico.api_keys k
     set last_used_at = greatest(k.last_used_at, used.at)
    from (select u.id, least(u.at, now()) as at from unnest(key_ids, key_uses) u(id, at)) used
   where k.id = used.id;

  for told in
    select * from jsonb_to_recordset(drifts::jsonb)
      d(session uuid, device text, place text, refused boolean, at timestamptz, ip text, user_agent text, request_id text)
  loop
    select * into held from portico.sessions s where s.id = told.session and s.expires_at > now();
    continue when not found;
    seen := coalesce(held.drift::jsonb, '[]');
    here := jsonb_build_object('device', told.device, 'place', told.place);
    continue when seen @> jsonb_build_array(here);
    update portico.sessions s
       set drifted_at = told.at,
           -- A session that wanders keeps its last twenty stations.
           drift = (case when jsonb_array_length(seen) < 20 then seen else seen - 0 end
                    || (here || jsonb_build_object('at', told.at, 'refused', told.refused)))::text
     where s.id = told.session;
    insert into portico.audit (at, org_id, user_id, action, target, outcome, metadata, ip, user_agent, request_id)
    values (told.at, held.active_org, held.user_id, 'session.drifted', held.id::text,
            case when told.refused then 'denied' else 'done' end,
            jsonb_build_object('was', jsonb_build_object('device', held.device, 'place', held.ip_prefix), 'is', here),
            told.ip, told.user_agent, told.request_id);
  end loop;
end $$;
revoke execute on function portico.touch_v1(uuid[], timestamptz[], uuid[], timestamptz[], interval, text) from public;
grant execute on function portico.touch_v1(uuid[], timestamptz[], uuid[], timestamptz[], interval, text) to portico_app;
