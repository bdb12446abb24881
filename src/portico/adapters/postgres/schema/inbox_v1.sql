-- Incoming webhooks: the application proves that it has proved them, or one statement that somebody slipped in could
-- tell the application that an invoice was paid.

-- Note an event; false where it had come before. Of two that come at once, one waits for the other's commit.
create function portico.receive_v1(
  the_id uuid, the_inbox text, the_event text, the_kind text, the_body bytea, the_handler text, moment timestamptz,
  the_request text, proof bytea
) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(
    convert_to('inbox', 'UTF8') || uuid_send(the_id)
      || convert_to(the_inbox || E'\n' || the_event || E'\n' || the_kind || E'\n', 'UTF8') || the_body, proof);
  insert into portico.inbox (id, inbox, event, kind, body, handler, request_id, received_at)
  values (the_id, the_inbox, the_event, the_kind, the_body, the_handler, the_request, moment)
  on conflict on constraint inbox_event_key do nothing;
  if found then
    return true;
  end if;
  update portico.inbox i set repeated = i.repeated + 1 where i.inbox = the_inbox and i.event = the_event;
  return false;
end $$;

-- Count a delivery that was refused.
create function portico.refuse_v1(the_inbox text, the_reason text, moment timestamptz, proof bytea) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(convert_to('refuse' || E'\n' || the_inbox || E'\n' || the_reason, 'UTF8'), proof);
  insert into portico.inbox_refusals as r (inbox, day, reason, last_at)
  values (the_inbox, (moment at time zone 'UTC')::date, the_reason, moment)
  on conflict (inbox, day, reason) do update set refused = r.refused + 1, last_at = greatest(r.last_at, excluded.last_at);
end $$;

revoke execute on function
  portico.receive_v1(uuid, text, text, text, bytea, text, timestamptz, text, bytea),
  portico.refuse_v1(text, text, timestamptz, bytea)
from public;
grant execute on function
  portico.receive_v1(uuid, text, text, text, bytea, text, timestamptz, text, bytea),
  portico.refuse_v1(text, text, timestamptz, bytea)
to portico_app;
