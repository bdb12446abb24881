-- The audit is written and read, never changed: not by the roles that run the application, which have no right to, nor by
-- the one that owns it. What empties it (retention, tests) says so for its own transaction, beforehand:
-- set local portico.retention = 'on'
create function portico.keep_the_audit() returns trigger
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  if coalesce(current_setting('portico.retention', true), '') <> 'on' then
    raise insufficient_privilege using message = 'the audit stays as it was written';
  end if;
  return null;
end $$;
create trigger keep_the_audit before update or delete or truncate on portico.audit
  for each statement execute function portico.keep_the_audit();
revoke execute on function portico.keep_the_audit() from public;

-- For questions about a time: next to nothing to keep, for rows are written in its order.
create index audit_at_idx on portico.audit using brin (at);
