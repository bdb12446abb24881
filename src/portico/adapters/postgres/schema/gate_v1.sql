-- The gate: one trip that says who calls, in which organization, and what is already known of this idempotency key and row.
-- It sets ALL transaction-local settings that row level security reads, empty ones too.
create function portico.gate_v1(
  credential bytea,      -- 32 bytes: SHA-256 of a session's token; 48: a user's id and its proof
  wanted_org uuid,       -- the organization that the caller named, if any
  wanted_slug text,      -- the organization of a public page, by its slug
  idem_key text,         -- the caller's idempotency key
  idem_scope text,       -- whose key it is when nobody is signed in
  row_table text,        -- the tenant table of the row that policies ask about, in schema public
  row_id uuid,
  row_owner text,        -- its column that names the owner
  row_version text,      -- its column that counts versions
  out user_id uuid,
  out user_email text,
  out user_name text,
  out session_id uuid,
  out org_id uuid,
  out org_name text,
  out org_slug text,
  out org_plan text,
  out org_timezone text,
  out org_role text,
  out idem_digest bytea,
  out idem_running boolean,
  out idem_fingerprint bytea,
  out idem_status smallint,
  out idem_headers text,
  out idem_body bytea,
  out owner_of_row text,
  out version_of_row text,
  out row_found boolean
)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  active uuid := wanted_org;
  pads portico.proof_key;
begin
  if length(credential) = 32 then
    select s.user_id, u.email, u.name, s.id, coalesce(wanted_org, s.active_org), o.id, o.name, o.slug, o.plan, o.timezone, m.role
      into gate_v1.user_id, user_email, user_name, session_id, active, gate_v1.org_id, org_name, org_slug, org_plan, org_timezone, org_role
      from portico.sessions s
      join portico.users u on u.id = s.user_id
      left join portico.members m on m.user_id = s.user_id and m.org_id = coalesce(wanted_org, s.active_org)
      left join portico.organizations o on o.id = m.org_id
     where s.token_hash = credential and s.expires_at > now();
  elsif length(credential) = 48 then
    select * into pads from portico.proof_key;
    if substring(credential from 17) = sha256(pads.outer_pad || sha256(pads.inner_pad || substring(credential from 1 for 16))) then
      select u.id, u.email, u.name, o.id, o.name, o.slug, o.plan, o.timezone, m.role
        into gate_v1.user_id, user_email, user_name, gate_v1.org_id, org_name, org_slug, org_plan, org_timezone, org_role
        from portico.users u
        left join portico.members m on m.user_id = u.id and m.org_id = wanted_org
        left join portico.organizations o on o.id = m.org_id
       where u.id = encode(substring(credential from 1 for 16), 'hex')::uuid;
    end if;
  end if;

  if wanted_slug is not null then
    select o.id, o.name, o.slug, o.plan, o.timezone, m.role
      into gate_v1.org_id, org_name, org_slug, org_plan, org_timezone, org_role
      from portico.organizations o
      left join portico.members m on m.org_id = o.id and m.user_id = gate_v1.user_id
     where o.slug = wanted_slug;
  end if;

  perform set_config('app.user', coalesce(gate_v1.user_id::text, ''), true),
          set_config('app.org', coalesce(gate_v1.org_id::text, ''), true);

  if idem_key is not null and (gate_v1.user_id is not null or idem_scope is not null) then
    idem_digest := sha256(convert_to(
      coalesce(gate_v1.user_id::text, idem_scope) || '/' || coalesce(gate_v1.org_id::text, '') || '/' || idem_key, 'UTF8'));
    -- The lock answers a racing twin at once; the unique index of the table decides.
    idem_running := not pg_try_advisory_xact_lock(('x' || encode(substring(idem_digest from 1 for 8), 'hex'))::bit(64)::bigint);
    if not idem_running then
      select i.fingerprint, i.status, i.headers, i.body
        into idem_fingerprint, idem_status, idem_headers, idem_body
        from portico.idempotency i
       where i.digest = idem_digest and i.expires_at > now();
    end if;
  end if;

  if row_table is not null then
    select r.present, r.owner, r.version into row_found, owner_of_row, version_of_row
      from portico.row_v1(row_table, row_id, row_owner, row_version) r;
  end if;
end $$;
