-- What is past its time, removed in batches: of one kind, at most so many rows, of every organization; how many they were.
-- Rows that somebody else holds are left to the next time. `before` is as of when they are over, kept long enough included.
create function portico.sweep_v1(kind text, before timestamptz, most integer) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  read_by_all portico.event_cursors;
  removed bigint := 0;
  each uuid;
begin
  case kind
  when 'sessions' then
    delete from portico.sessions s where s.ctid = any (array(
      select t.ctid from portico.sessions t where t.expires_at <= before limit most for update skip locked));
  when 'keys' then
    -- A claim whose holder may still work is not over, however old it is.
    delete from portico.idempotency i where i.ctid = any (array(
      select t.ctid from portico.idempotency t
       where t.expires_at <= before and (t.leased_until is null or t.leased_until <= before)
       limit most for update skip locked));
  when 'challenges' then
    delete from portico.challenges c where c.ctid = any (array(
      select t.ctid from portico.challenges t where t.expires_at <= before limit most for update skip locked));
  when 'tokens' then
    delete from portico.ended_tokens e where e.ctid = any (array(
      select t.ctid from portico.ended_tokens t where t.expires_at <= before limit most for update skip locked));
  when 'drafts' then
    delete from portico.drafts d where d.ctid = any (array(
      select t.ctid from portico.drafts t where t.expires_at <= before limit most for update skip locked));
  when 'jobs' then
    delete from portico.jobs j where j.ctid = any (array(
      select t.ctid from portico.jobs t where t.state in ('dead', 'cancelled') and t.ended_at <= before
       order by t.ended_at limit most for update skip locked));
  when 'webhooks' then
    delete from portico.webhook_messages m where m.ctid = any (array(
      select t.ctid from portico.webhook_messages t
       where t.at <= before and not exists (
         select from portico.webhook_deliveries d where d.org_id = t.org_id and d.message_id = t.id and d.state = 'waiting')
       order by t.at limit most for update skip locked));
  when 'listeners' then
    delete from portico.event_cursors c where c.ctid = any (array(
      select t.ctid from portico.event_cursors t where t.served_at <= before limit most for update skip locked));
  when 'events' then
    select * into read_by_all from portico.event_cursors c order by c.xid, c.id limit 1;
    delete from portico.outbox o where o.ctid = any (array(
      select t.ctid from portico.outbox t
       where t.at <= before and (read_by_all.consumer is null or (t.xid, t.id) <= (read_by_all.xid, read_by_all.id))
       order by t.xid, t.id limit most for update skip locked));
  when 'deliveries' then
    -- What was not handled keeps its body: it may yet be.
    update portico.inbox i set body = null where i.ctid = any (array(
      select t.ctid from portico.inbox t
       where t.received_at <= before and t.body is not null and (t.handled_at is not null or t.handler is null)
       order by t.received_at limit most for update skip locked));
  when 'delivery ids' then
    delete from portico.inbox i where i.ctid = any (array(
      select t.ctid from portico.inbox t
       where t.received_at <= before and t.body is null order by t.received_at limit most for update skip locked));
  when 'refusals' then
    delete from portico.inbox_refusals r where r.ctid = any (array(
      select t.ctid from portico.inbox_refusals t where t.last_at <= before limit most for update skip locked));
  when 'accounts' then
    -- Registered by somebody who never came back; what an operator or another issuer has made stays, and what is used.
    for each in
      select u.id from portico.users u
       where u.created_at <= before and u.kind = 'person' and u.email_verified_at is null and u.password_hash is not null
         and not u.operator
         and not exists (select from portico.members m where m.user_id = u.id)
         and not exists (select from portico.identities i where i.user_id = u.id)
         and not exists (select from portico.passkeys p where p.user_id = u.id)
         and not exists (select from portico.sessions s where s.user_id = u.id)
       order by u.created_at limit most for update skip locked
    loop
      begin
        perform portico.put_user_event_v1('deleted', each);
        delete from portico.users u where u.id = each;
        removed := removed + 1;
      exception when foreign_key_violation then
        null;  -- a table of the application's still needs it
      end;
    end loop;
    return removed;
  else
    raise invalid_parameter_value using message = 'there is nothing to remove of the kind ' || coalesce(kind, 'null');
  end case;
  get diagnostics removed = row_count;
  return removed;
end $$;
revoke execute on function portico.sweep_v1(text, timestamptz, integer) from public;
grant execute on function portico.sweep_v1(text, timestamptz, integer) to portico_worker;
