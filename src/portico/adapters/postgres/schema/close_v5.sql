-- The close: one trip that writes the call's journal (audit rows, events, the stored answer) before COMMIT.
-- Whose they are is read from what the gate set, never from the caller.
--
-- It is called with its values written out, in one trip with COMMIT: without default values, which PostgreSQL would read
-- from its catalog for each call, and with one procedure of this name, so that a value needs no type beside it. `call` is
-- neither planned nor answered with a row. Most calls have one audit row and one event: these come by themselves, for to
-- go through an array takes more than to write what is in it.
create procedure portico.close_v5(
  action text,            -- of the first audit row, or null; then its target, and its metadata as JSON
  target text,
  metadata jsonb,
  event text,             -- the first event's name, or null; then its id, or null for a new one, and its payload
  event_id uuid,
  payload jsonb,
  request_id text,
  ip text,
  user_agent text,
  audits text[],          -- action, target and metadata of the audit rows after the first, one after another
  events text[],          -- name and payload of the events after the first; null, as are the audit rows, where none are more
  digest bytea,
  fingerprint bytea,
  status smallint,
  headers text,
  body bytea
)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  the_user uuid := nullif(current_setting('app.user', true), '')::uuid;
  the_org uuid := nullif(current_setting('app.org', true), '')::uuid;
begin
  if action is not null then
    insert into portico.audit (org_id, user_id, action, target, outcome, metadata, ip, user_agent, request_id)
    values (the_org, the_user, close_v5.action, close_v5.target, 'done', close_v5.metadata, close_v5.ip, close_v5.user_agent,
            close_v5.request_id);
  end if;

  if event is not null then
    insert into portico.outbox (org_id, name, event_id, data)
    values (the_org, event, coalesce(close_v5.event_id, portico.new_id()), payload);
  end if;

  if audits is not null then
    for i in 1 .. cardinality(audits) by 3 loop
      insert into portico.audit (org_id, user_id, action, target, outcome, metadata, ip, user_agent, request_id)
      values (the_org, the_user, audits[i], audits[i + 1], 'done', audits[i + 2]::jsonb, close_v5.ip, close_v5.user_agent,
              close_v5.request_id);
    end loop;
    for i in 1 .. cardinality(events) by 2 loop
      insert into portico.outbox (org_id, name, data) values (the_org, events[i], events[i + 1]::jsonb);
    end loop;
  end if;

  if digest is not null then
    insert into portico.idempotency (digest, fingerprint, status, headers, body, expires_at)
    values (close_v5.digest, close_v5.fingerprint, close_v5.status, close_v5.headers, close_v5.body, now() + interval '24 hours')
    on conflict do nothing;
    if not found then
      -- A key past its day is new again; a living one belongs to who stored it first.
      update portico.idempotency kept
         set fingerprint = close_v5.fingerprint, status = close_v5.status, headers = close_v5.headers,
             body = close_v5.body, expires_at = now() + interval '24 hours'
       where kept.digest = close_v5.digest and kept.expires_at <= now();
      if not found then
        raise unique_violation using constraint = 'idempotency_pkey', message = 'this idempotency key was used meanwhile';
      end if;
    end if;
  end if;
end $$;
revoke execute on procedure portico.close_v5(
  text, text, jsonb, text, uuid, jsonb, text, text, text, text[], text[], bytea, bytea, smallint, text, bytea) from public;
grant execute on procedure portico.close_v5(
  text, text, jsonb, text, uuid, jsonb, text, text, text, text[], text[], bytea, bytea, smallint, text, bytea) to portico_app;
