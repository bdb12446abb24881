-- Seals into their table, as a worker that proves to be the application's: its role alone can neither seal nor remove.

create function portico.put_seal_v1(
  the_chain uuid, the_number bigint, the_previous bytea, the_kind text, the_ids bigint[], the_macs bytea, the_upto_xid bigint,
  the_upto_id bigint, the_through bigint, the_key text, the_time timestamptz, the_hash bytea, proof bytea
) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform portico.demand_proof_v1(convert_to('seal', 'UTF8') || the_hash, proof);
  insert into portico.audit_seals
    (chain, number, previous, kind, ids, macs, upto_xid, upto_id, through, key_id, sealed_at, hash)
  values (the_chain, the_number, the_previous, the_kind, the_ids, the_macs, the_upto_xid, the_upto_id, the_through, the_key,
          the_time, the_hash);
  insert into portico.audit_sealing as s (xid, id) values (the_upto_xid, the_upto_id)
  -- Sealing goes back only in a database that was restored into a server whose transactions count from below.
  on conflict (one) do update set xid = excluded.xid, id = excluded.id
   where (s.xid, s.id) < (excluded.xid, excluded.id) or s.xid > pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
end $$;

-- Remove the records of a chain's seals up to a number, and those seals: behind a checkpoint that says so. How many.
create function portico.prune_audit_v1(the_chain uuid, the_through bigint, proof bytea) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  removed bigint;
begin
  perform portico.demand_proof_v1(convert_to('prune/' || the_chain || '/' || the_through, 'UTF8'), proof);
  if not exists (select from portico.audit_seals s
                  where s.chain = the_chain and s.kind = 'checkpoint' and s.through = the_through) then
    raise object_not_in_prerequisite_state using message = 'no checkpoint says that these records are removed';
  end if;
  perform set_config('portico.retention', 'on', true);
  delete from portico.audit a
   where a.org_id is not distinct from nullif(the_chain, '00000000-0000-0000-0000-000000000000')
     and a.id = any (array(select unnest(s.ids) from portico.audit_seals s
                            where s.chain = the_chain and s.number <= the_through));
  get diagnostics removed = row_count;
  delete from portico.audit_seals s where s.chain = the_chain and s.number <= the_through;
  perform set_config('portico.retention', '', true);
  return removed;
end $$;

revoke execute on function
  portico.put_seal_v1(uuid, bigint, bytea, text, bigint[], bytea, bigint, bigint, bigint, text, timestamptz, bytea, bytea),
  portico.prune_audit_v1(uuid, bigint, bytea)
from public;
grant execute on function
  portico.put_seal_v1(uuid, bigint, bytea, text, bigint[], bytea, bigint, bigint, bigint, text, timestamptz, bytea, bytea),
  portico.prune_audit_v1(uuid, bigint, bytea)
to portico_worker;
