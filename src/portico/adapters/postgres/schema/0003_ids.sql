-- UUIDv7 by the server itself where it can, which PostgreSQL 18 does at a fifth of the cost of putting one together.
do $$
begin
  if current_setting('server_version_num')::integer >= 180000 then
    create or replace function portico.new_id() returns uuid
    language sql volatile parallel safe
    return uuidv7();
  end if;
end $$;
