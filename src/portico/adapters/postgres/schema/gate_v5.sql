-- The gate: one trip that says who calls, in which organization, what they may, and what is known of this key and row.
-- It sets ALL transaction-local settings that row level security reads, empty ones too.
--
-- Each expression is prepared anew in each transaction: what most calls do not ask for stands behind one question.
-- Its plans use indexes from the start, for a session keeps them: one that was made while the tables were new and empty
-- would read all of a table until its statistics are next made.
--
-- Its answer is `facts_v1`, said to be a `record`: the driver would ask the catalog what a named type is made of. Of `out`
-- parameters PostgreSQL would make a type anew for each call, a tenth of the gate's work.
create type portico.facts_v1 as (
  user_id uuid,
  user_email text,
  user_name text,
  session_id uuid,
  org_id uuid,
  org_name text,
  org_slug text,
  org_plan text,
  org_timezone text,
  org_role text,
  idem_digest bytea,
  idem_running boolean,
  idem_fingerprint bytea,
  idem_status smallint,
  idem_headers text,
  idem_body bytea,
  row_owner text,
  row_version text,
  row_found boolean,
  operator boolean,
  authenticated_at timestamptz,
  other_agent text,
  other_prefix text,
  key_id uuid,
  key_scopes text[],
  key_rate text,
  permissions text[],
  quota text
);
create function portico.gate_v5(
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
  resources text[]       -- what the action takes from the organization's quotas, if anything
) returns record
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $$
declare
  facts portico.facts_v1;
  pads portico.proof_key;
  the_org uuid;
  own_role text;
  the_scope text;
begin
  if length(credential) = 32 then
    select s.user_id, u.email, u.name, u.operator, s.id, s.authenticated_at, coalesce(wanted_org, s.active_org),
           -- A token of another issuer is bound to nothing.
           case when s.user_agent <> agent and s.method <> 'jwt' then s.user_agent end,
           case when s.ip_prefix <> prefix and s.ip_prefix <> '' and s.method <> 'jwt' then s.ip_prefix end
      into facts.user_id, facts.user_email, facts.user_name, facts.operator, facts.session_id, facts.authenticated_at,
           the_org, facts.other_agent, facts.other_prefix
      from portico.sessions s
      join portico.users u on u.id = s.user_id
     where s.token_hash = credential and s.expires_at > now();
  elsif length(credential) = 33 then
    select u.id, u.email, u.name, u.operator, k.id, k.scopes, k.rate, coalesce(wanted_org, k.org_id)
      into facts.user_id, facts.user_email, facts.user_name, facts.operator, facts.key_id, facts.key_scopes,
           facts.key_rate, the_org
      from portico.api_keys k
      join portico.users u on u.id = k.user_id
     where k.key_hash = substring(credential from 2) and (k.expires_at is null or k.expires_at > now());
  elsif length(credential) = 48 then
    select * into pads from portico.proof_key;
    if substring(credential from 17) = sha256(pads.outer_pad || sha256(pads.inner_pad || substring(credential from 1 for 16))) then
      select u.id, u.email, u.name, u.operator, wanted_org
        into facts.user_id, facts.user_email, facts.user_name, facts.operator, the_org
        from portico.users u
       where u.id = encode(substring(credential from 1 for 16), 'hex')::uuid;
    end if;
  elsif length(credential) = 64 then
    -- Whoever has enqueued the job, where they still are; nobody else can be named.
    perform portico.demand_proof_v1(convert_to('job', 'UTF8') || substring(credential from 1 for 32), substring(credential from 33));
    select u.id, u.email, u.name, o.id, o.name, o.slug, o.plan, o.timezone, case when o.id is not null then m.role end, m.custom_role
      into facts.user_id, facts.user_email, facts.user_name, facts.org_id, facts.org_name, facts.org_slug,
           facts.org_plan, facts.org_timezone, facts.org_role, own_role
      from portico.jobs j
      left join portico.users u on u.id = j.user_id
      left join portico.organizations o on o.id = j.org_id and o.deleted_at is null
      left join portico.members m on m.user_id = u.id and m.org_id = o.id
     where j.id = encode(substring(credential from 1 for 16), 'hex')::uuid
       and j.lease = encode(substring(credential from 17 for 16), 'hex')::uuid and j.state = 'running';
  end if;

  -- By itself, and not joined to the above: rows are handed on by each join, and what they are made of is prepared each time.
  if the_org is not null then
    select o.id, o.name, o.slug, o.plan, o.timezone, m.role, m.custom_role
      into facts.org_id, facts.org_name, facts.org_slug, facts.org_plan, facts.org_timezone, facts.org_role, own_role
      from portico.members m
      join portico.organizations o on o.id = m.org_id and o.deleted_at is null
     where m.user_id = facts.user_id and m.org_id = the_org;
  elsif facts.user_id is null then
    facts.user_id := null;  -- nobody: facts all the same, where a variable that nothing was assigned to would be none
  end if;

  if wanted_slug is not null or own_role is not null then
    if wanted_slug is not null then
      perform portico.demand_proof_v1(convert_to('slug', 'UTF8') || convert_to(wanted_slug, 'UTF8'), slug_proof);
      select o.id, o.name, o.slug, o.plan, o.timezone, m.role, m.custom_role
        into facts.org_id, facts.org_name, facts.org_slug, facts.org_plan, facts.org_timezone, facts.org_role, own_role
        from portico.organizations o
        left join portico.members m on m.org_id = o.id and m.user_id = facts.user_id
       where o.slug = wanted_slug and o.deleted_at is null;
    end if;
    if own_role is not null then
      select r.permissions into facts.permissions
        from portico.roles r where r.org_id = facts.org_id and r.name = own_role;
    end if;
  end if;

  -- Assigned and not performed: that would be a statement.
  the_scope := set_config('app.user', coalesce(facts.user_id::text, ''), true) || '/'
            || set_config('app.org', coalesce(facts.org_id::text, ''), true) || '/';

  if idem_key is not null and (facts.user_id is not null or idem_scope is not null) then
    facts.idem_digest := sha256(convert_to(
      case when facts.user_id is null then idem_scope || the_scope else the_scope end || idem_key, 'UTF8'));
    -- The lock answers a racing twin at once; the unique index of the table decides.
    if pg_try_advisory_xact_lock(hashtextextended(encode(facts.idem_digest, 'hex'), 0)) then
      select i.fingerprint, i.status, i.headers, i.body
        into facts.idem_fingerprint, facts.idem_status, facts.idem_headers, facts.idem_body
        from portico.idempotency i
       where i.digest = facts.idem_digest and i.expires_at > now();
    else
      facts.idem_running := true;
    end if;
  end if;

  if as_operator or row_table is not null or resources is not null then
    if as_operator then
      perform set_config('app.operator', case when facts.operator and facts.key_id is null then 'on' else '' end, true);
    end if;
    if row_table is not null then
      select r.present, r.owner, r.version into facts.row_found, facts.row_owner, facts.row_version
        from portico.row_v2(row_table, row_id, row_owner, row_version, row_scope) r;
    end if;
    if resources is not null and facts.org_id is not null then
      facts.quota := portico.used_v1(resources);
    end if;
  end if;
  return facts;
end $$;
revoke execute on function portico.gate_v5(bytea, uuid, text, text, text, text, uuid, text, text, text, text, text, boolean, bytea, text[]) from public;
grant execute on function portico.gate_v5(bytea, uuid, text, text, text, text, uuid, text, text, text, text, text, boolean, bytea, text[]) to portico_app;
