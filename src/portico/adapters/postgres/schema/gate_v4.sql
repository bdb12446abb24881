-- The gate: one trip that says who calls, in which organization, what they may, and what is known of this key and row.
-- It sets ALL transaction-local settings that row level security reads, empty ones too.
--
-- Each expression is prepared anew in each transaction: what most calls do not ask for stands behind one question.
-- Its plans use indexes from the start, for a session keeps them: one that was made while the tables were new and empty
-- would read all of a table until its statistics are next made.
create function portico.gate_v4(
  credential bytea,      -- 32 bytes: SHA-256 of a session's token; 33: k and the SHA-256 of an API key; 48: a user's id and its proof;
                         -- 64: a job in hand, its lease, and the proof over 'job' and the two
  wanted_org uuid,       -- the organization that the caller named, if any
  wanted_slug text,      -- the organization of a public page, by its slug
  idem_key text,         -- the caller's idempotency key
  idem_scope text,       -- whose key it is when nobody is signed in
  row_table text,        -- the table of the row that policies ask about, in schema public
  row_id uuid,
  row_owner text,        -- its column that names the owner
  row_version text,      -- its column that counts versions
  row_scope text,        -- whose rows the table holds: org or user
  agent text,            -- the caller's User-Agent and address prefix, compared with what the session was opened with
  prefix text,
  as_operator boolean,   -- whether an operator's sight of all accounts is wanted
  slug_proof bytea,      -- where there is a slug, over 'slug' and it: no injected statement enters an organization by its name
  resources text[],      -- what the action takes from the organization's quotas, if anything
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
  out row_found boolean,
  out operator boolean,
  out authenticated_at timestamptz,
  out other_agent text,  -- what the session was opened with, where it differs
  out other_prefix text,
  out key_id uuid,
  out key_scopes text[],
  out key_rate text,
  out permissions text[], -- of a role of the organization's own making
  out quota text         -- JSON, as `used_v1` gives it
)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $$
declare
  pads portico.proof_key;
  own_role text;
  the_user text;
  the_org text;
begin
  if length(credential) = 32 then
    select s.user_id, u.email, u.name, u.operator, s.id, s.authenticated_at,
           -- A token of another issuer is bound to nothing.
           case when s.user_agent <> agent and s.method <> 'jwt' then s.user_agent end,
           case when s.ip_prefix <> prefix and s.ip_prefix <> '' and s.method <> 'jwt' then s.ip_prefix end,
           o.id, o.name, o.slug, o.plan, o.timezone, case when o.id is not null then m.role end, m.custom_role
      into gate_v4.user_id, user_email, user_name, operator, session_id, gate_v4.authenticated_at,
           other_agent, other_prefix,
           gate_v4.org_id, org_name, org_slug, org_plan, org_timezone, org_role, own_role
      from portico.sessions s
      join portico.users u on u.id = s.user_id
      left join portico.members m on m.user_id = s.user_id and m.org_id = coalesce(wanted_org, s.active_org)
      left join portico.organizations o on o.id = m.org_id and o.deleted_at is null
     where s.token_hash = credential and s.expires_at > now();
  elsif length(credential) = 33 then
    select u.id, u.email, u.name, u.operator, k.id, k.scopes, k.rate,
           o.id, o.name, o.slug, o.plan, o.timezone, case when o.id is not null then m.role end, m.custom_role
      into gate_v4.user_id, user_email, user_name, operator, key_id, key_scopes, key_rate,
           gate_v4.org_id, org_name, org_slug, org_plan, org_timezone, org_role, own_role
      from portico.api_keys k
      join portico.users u on u.id = k.user_id
      left join portico.members m on m.user_id = k.user_id and m.org_id = coalesce(wanted_org, k.org_id)
      left join portico.organizations o on o.id = m.org_id and o.deleted_at is null
     where k.key_hash = substring(credential from 2) and (k.expires_at is null or k.expires_at > now());
  elsif length(credential) = 48 then
    select * into pads from portico.proof_key;
    if substring(credential from 17) = sha256(pads.outer_pad || sha256(pads.inner_pad || substring(credential from 1 for 16))) then
      select u.id, u.email, u.name, u.operator,
             o.id, o.name, o.slug, o.plan, o.timezone, case when o.id is not null then m.role end, m.custom_role
        into gate_v4.user_id, user_email, user_name, operator,
             gate_v4.org_id, org_name, org_slug, org_plan, org_timezone, org_role, own_role
        from portico.users u
        left join portico.members m on m.user_id = u.id and m.org_id = wanted_org
        left join portico.organizations o on o.id = m.org_id and o.deleted_at is null
       where u.id = encode(substring(credential from 1 for 16), 'hex')::uuid;
    end if;
  elsif length(credential) = 64 then
    -- Whoever has enqueued the job, where they still are; nobody else can be named.
    perform portico.demand_proof_v1(convert_to('job', 'UTF8') || substring(credential from 1 for 32), substring(credential from 33));
    select u.id, u.email, u.name, o.id, o.name, o.slug, o.plan, o.timezone, case when o.id is not null then m.role end, m.custom_role
      into gate_v4.user_id, user_email, user_name, gate_v4.org_id, org_name, org_slug, org_plan, org_timezone, org_role, own_role
      from portico.jobs j
      left join portico.users u on u.id = j.user_id
      left join portico.organizations o on o.id = j.org_id and o.deleted_at is null
      left join portico.members m on m.user_id = u.id and m.org_id = o.id
     where j.id = encode(substring(credential from 1 for 16), 'hex')::uuid
       and j.lease = encode(substring(credential from 17 for 16), 'hex')::uuid and j.state = 'running';
  end if;

  if wanted_slug is not null or own_role is not null then
    if wanted_slug is not null then
      perform portico.demand_proof_v1(convert_to('slug', 'UTF8') || convert_to(wanted_slug, 'UTF8'), slug_proof);
      select o.id, o.name, o.slug, o.plan, o.timezone, m.role, m.custom_role
        into gate_v4.org_id, org_name, org_slug, org_plan, org_timezone, org_role, own_role
        from portico.organizations o
        left join portico.members m on m.org_id = o.id and m.user_id = gate_v4.user_id
       where o.slug = wanted_slug and o.deleted_at is null;
    end if;
    if own_role is not null then
      select r.permissions into gate_v4.permissions
        from portico.roles r where r.org_id = gate_v4.org_id and r.name = own_role;
    end if;
  end if;

  -- Assigned and not performed: that would be a statement.
  the_user := set_config('app.user', coalesce(gate_v4.user_id::text, ''), true);
  the_org := set_config('app.org', coalesce(gate_v4.org_id::text, ''), true);

  if idem_key is not null and (gate_v4.user_id is not null or idem_scope is not null) then
    idem_digest := sha256(convert_to(concat(coalesce(nullif(the_user, ''), idem_scope), '/', the_org, '/', idem_key), 'UTF8'));
    -- The lock answers a racing twin at once; the unique index of the table decides.
    idem_running := not pg_try_advisory_xact_lock(('x' || encode(substring(idem_digest from 1 for 8), 'hex'))::bit(64)::bigint);
    if not idem_running then
      select i.fingerprint, i.status, i.headers, i.body
        into idem_fingerprint, idem_status, idem_headers, idem_body
        from portico.idempotency i
       where i.digest = idem_digest and i.expires_at > now();
    end if;
  end if;

  if as_operator or row_table is not null or resources is not null then
    if as_operator then
      perform set_config('app.operator', case when operator and key_id is null then 'on' else '' end, true);
    end if;
    if row_table is not null then
      select r.present, r.owner, r.version into row_found, owner_of_row, version_of_row
        from portico.row_v2(row_table, row_id, row_owner, row_version, row_scope) r;
    end if;
    if resources is not null and gate_v4.org_id is not null then
      quota := portico.used_v1(resources);
    end if;
  end if;
end $$;
revoke execute on function portico.gate_v4(bytea, uuid, text, text, text, text, uuid, text, text, text, text, text, boolean, bytea, text[]) from public;
grant execute on function portico.gate_v4(bytea, uuid, text, text, text, text, uuid, text, text, text, text, text, boolean, bytea, text[]) to portico_app;
