-- The outbox as streams read it, in the application's role: with the application's proof alone, so that no statement that
-- somebody slipped in reads what happens elsewhere. As with every listener, below the oldest transaction that is open.
create function portico.tail_v1(after_xid xid8, after_id bigint, most integer, proof bytea)
returns table (xid xid8, id bigint, event_id uuid, org_id uuid, name text, data text, at timestamptz)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(convert_to('tail/' || after_xid::text || '.' || after_id::text, 'UTF8'), proof);
  return query
    select o.xid, o.id, o.event_id, o.org_id, o.name, o.data::text, o.at from portico.outbox o
     where (o.xid, o.id) > (after_xid, after_id) and o.xid < pg_snapshot_xmin(pg_current_snapshot())
     order by o.xid, o.id limit most;
end $$;

-- What an organization has missed between two places. More than `most` events of anybody are too many to look through.
create function portico.missed_v1(
  org uuid, names text[], after_xid xid8, after_id bigint, to_xid xid8, to_id bigint, most integer, proof bytea
)
returns table (xid xid8, id bigint, event_id uuid, org_id uuid, name text, data text, at timestamptz)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(convert_to('missed/' || org::text, 'UTF8'), proof);
  if (select count(*) from (
        select from portico.outbox o
         where (o.xid, o.id) > (after_xid, after_id) and (o.xid, o.id) <= (to_xid, to_id) limit most + 1) as few) > most then
    raise program_limit_exceeded using message = 'too much has happened since';
  end if;
  return query
    select o.xid, o.id, o.event_id, o.org_id, o.name, o.data::text, o.at from portico.outbox o
     where (o.xid, o.id) > (after_xid, after_id) and (o.xid, o.id) <= (to_xid, to_id)
       and o.org_id = org and o.name = any (names)
     order by o.xid, o.id;
end $$;

revoke execute on function
  portico.tail_v1(xid8, bigint, integer, bytea),
  portico.missed_v1(uuid, text[], xid8, bigint, xid8, bigint, integer, bytea)
from public;
grant execute on function
  portico.tail_v1(xid8, bigint, integer, bytea),
  portico.missed_v1(uuid, text[], xid8, bigint, xid8, bigint, integer, bytea)
to portico_app;
