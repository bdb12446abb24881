-- What happens to people's accounts, as events that are of no organization: a handler hears of each once, and so do the
-- webhooks of every organization that the person belongs to. Told in the transaction of the change, before a deletion.
create function portico.put_user_event_v1(what text, the_user uuid) returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
  insert into portico.outbox (name, data, audience)
  select 'user.' || what,
         jsonb_build_object('id', u.id, 'email', u.email, 'name', portico.whole_name_v1(u.name, u.last_name),
                            'email_verified', u.email_verified_at is not null, 'created_at', u.created_at),
         array(select m.org_id from portico.members m where m.user_id = u.id order by m.org_id)
    from portico.users u where u.id = the_user and u.kind = 'person'
$$;

-- The application tells; the proof is over 'tell-user', the kind and the user's id.
create function portico.tell_of_user_v1(what text, the_user uuid, proof bytea) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(convert_to('tell-user' || what, 'UTF8') || uuid_send(the_user), proof);
  perform portico.put_user_event_v1(what, the_user);
end $$;

-- For whoever cannot know whether an account is new: tells only of one that this transaction has made, and says whose it is.
create function portico.tell_if_new_v1(the_user uuid) returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.put_user_event_v1('created', the_user)
    from portico.users u
   where u.id = the_user and u.created_at = now()
     and not exists (select from portico.outbox o
                      where o.xid = pg_current_xact_id() and o.name = 'user.created' and o.data ->> 'id' = the_user::text);
  return the_user;
end $$;

-- For whoever cannot know whether an address was confirmed before: tells only where this transaction has confirmed it.
create function portico.tell_if_confirmed_v1(the_user uuid) returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.put_user_event_v1('updated', the_user)
    from portico.users u
   where u.id = the_user and u.email_verified_at = now()
     and not exists (select from portico.outbox o
                      where o.xid = pg_current_xact_id() and o.name like 'user.%' and o.data ->> 'id' = the_user::text);
  return the_user;
end $$;

revoke execute on function
  portico.put_user_event_v1(text, uuid),
  portico.tell_of_user_v1(text, uuid, bytea),
  portico.tell_if_new_v1(uuid),
  portico.tell_if_confirmed_v1(uuid)
from public;
grant execute on function
  portico.tell_of_user_v1(text, uuid, bytea),
  portico.tell_if_new_v1(uuid),
  portico.tell_if_confirmed_v1(uuid)
to portico_app;
