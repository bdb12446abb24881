"""What a statement can do that somebody slipped in: it runs as the application's role, and knows no key."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TypeAlias
from uuid import uuid4

import asyncpg
import pytest

from portico.testing import Harness
from tests.promises.registry import Callers, gather

pytestmark = pytest.mark.anyio
DENIED = asyncpg.InsufficientPrivilegeError
FUNCTIONS = """
    select p.oid, p.proname as name, p.prosecdef as definer, coalesce(p.proconfig, '{}') as settings,
           coalesce(p.proargnames, '{}') @> '{proof}' as proven,
           has_function_privilege('portico_app', p.oid, 'execute') as ours,
           has_function_privilege('public', p.oid, 'execute') as everybodys,
           has_function_privilege('portico_reader', p.oid, 'execute') as readers,
           array(select format_type(t, null) from unnest(p.proargtypes) t) as takes,
           case p.prokind when 'p' then 'call' else 'select' end as verb
      from pg_proc p where p.pronamespace = 'portico'::regnamespace
"""
FORGED = "sha256('theirs')"
FORGED_USER = "uuid_send(gen_random_uuid()) || sha256('theirs')"
SAMPLES = {
    "bytea": "'\\x00000000000000000000000000000000'::bytea || '\\x00000000000000000000000000000000'::bytea",
    "uuid": "gen_random_uuid()",
    "text[]": "array['*']",
    "bytea[]": "array[''::bytea]",
    "jsonb": "'{}'::jsonb",
    "boolean": "true",
    "bigint": "1::bigint",
    "bigint[]": "array[1]::bigint[]",
    "integer": "1",
    "xid8": "'1'::xid8",
    "interval": "interval '1 hour'",
    "timestamp with time zone": "now() + interval '1 hour'",
}
TABLES = """
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
           array(select distinct r::regrole::text
                   from pg_policy p, unnest(p.polroles) r where p.polrelid = c.oid) as named,
           array(select r from unnest(array['portico_app', 'portico_reader']) r
                  where has_any_column_privilege(r, c.oid, 'select, insert, update')) as granted
      from pg_class c where c.relnamespace = 'portico'::regnamespace and c.relkind in ('r', 'p')
       and c.relname not like '%version'
"""
UNPROVEN = """
    answer_invitation_v1 answer_passkey_v1 begin_totp_v1 begun_totp_v1 close_v1 close_v2 close_v3 close_v4 close_v5
    confirm_email_v1 confirm_totp_v1 create_organization_v1 delete_organization_v1 end_session_v1 end_totp_v1
    gate_v2 gate_v3 gate_v4 gate_v5 hold_password_v1 invitation_v1 leave_v1 my_organizations_v1
    my_organizations_v2 organization_members_v1 owned_alone_v1 pass_second_factor_v1 proved_v1 refusal_v1
    renew_recovery_codes_v1 reset_password_v1 rotate_session_v1 row_v1 row_v2 second_factor_v1 settle_session_v1
    switch_organization_v1 take_challenge_v1 tell_if_confirmed_v1 tell_if_new_v1 touch_v1 try_second_factor_v1
    unlink_identity_v1 used_v1 verify_email_v1
"""
"""What acts for whoever the transaction is for, or for whoever holds a token."""
SECRETS = """
    users.password_hash users.totp_secret users.totp_step sessions.token_hash api_keys.key_hash invitations.token_hash
    challenges.token_hash challenges.data challenges.user_id recovery_codes.code_hash recovery_codes.user_id
    ended_tokens.token_key linked_organizations.external_id membership_changes.at idempotency.body outbox.data
    proof_key.inner_pad
"""
"""What nobody reads as the application's role, whoever the transaction is for."""
READ = [("organizations", "id"), ("users", "id"), ("sessions", "id"), ("members", "user_id"), ("api_keys", "id")]
Injected: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture
async def everybody(registry: Harness) -> Callers:
    """Two organizations and their people."""
    return await gather(registry)


@pytest.fixture
async def injected(registry: Harness) -> AsyncIterator[Injected]:
    """A connection as the application's role."""
    connection = await asyncpg.connect(registry.urls.app)
    yield connection
    await connection.close()


async def test_every_function_is_closed_and_pinned(registry: Harness) -> None:
    """None is executable by PUBLIC or the reader; one that runs as its owner finds names where it was written to."""
    functions = await registry.rows(FUNCTIONS)

    assert [f["name"] for f in functions if f["everybodys"] or f["readers"]] == []
    pinned = "search_path=pg_catalog, pg_temp"
    assert [f["name"] for f in functions if f["definer"] and pinned not in f["settings"]] == []
    assert len(functions) > 50


async def test_what_acts_without_a_proof_is_known(registry: Harness) -> None:
    """Any other function that the application may call is judged here first."""
    functions = await registry.rows(FUNCTIONS)

    assert {f["name"] for f in functions if f["ours"] and f["definer"] and not f["proven"]} == set(UNPROVEN.split())


async def test_a_forged_proof_does_nothing(registry: Harness, everybody: Callers, injected: Injected) -> None:
    """Whatever else is right: nobody is signed in, given a key, sent a link or made an operator."""
    await injected.execute(f"set app.\"user\" = '{everybody.owner.id}'; set app.org = '{everybody.org}'")
    await registry.rows(
        "insert into portico.roles (org_id, name, permissions) values ($1, 'null', '{x}')", everybody.org
    )
    for f in await registry.rows(FUNCTIONS):
        if f["proven"]:
            arguments = ", ".join(SAMPLES.get(kind, "'null'") for kind in f["takes"])
            with pytest.raises(DENIED, match=r"needs a proof of the application|permission denied"):
                await injected.execute(f"{f['verb']} portico.{f['name']}({arguments})")


async def test_nobody_chooses_whose_rows_are_seen(injected: Injected) -> None:
    """`set_config` would do so in the middle of any SELECT."""
    with pytest.raises(DENIED, match="set_config"):
        await injected.execute("select set_config('app.user', gen_random_uuid()::text, true)")


@pytest.mark.usefixtures("everybody")
async def test_no_select_passes_the_gate(injected: Injected) -> None:
    """Neither to an organization by its slug, nor as a user by an id: then the same SELECT would read their rows."""
    for who, slug, proof in (("null", "'theirs'", "null"), ("null", "'theirs'", FORGED), (FORGED_USER, "null", "null")):
        gate = f"portico.gate_v5({who}, null, {slug}" + ", null" * 10 + f", {proof}, null)"
        with suppress(DENIED):
            slipped_in = f"select count(o.id) from (select {gate} offset 0) g, portico.organizations o"
            assert await injected.fetchval(slipped_in) == 0


async def test_no_quota_is_given_back(registry: Harness, everybody: Callers, injected: Injected) -> None:
    """A proof that somebody has seen is for another transaction, and the table itself cannot be written."""
    await registry.rows("insert into portico.usage (org_id, resource, used) values ($1, 'desks', 3)", everybody.org)
    await injected.execute(f"set app.org = '{everybody.org}'")
    prove = registry.app.running.pipeline.services.prove
    transaction = await injected.fetchval("select pg_current_xact_id()::text")
    seen = prove(f"take-usage/{everybody.org}/{transaction}/desks/-3/-1/-1".encode())

    with pytest.raises(DENIED, match="needs a proof of the application"):
        await injected.execute("call portico.take_usage_v2('desks', -3, -1, -1, $1)", seen)
    with pytest.raises(DENIED, match="permission denied for table"):
        await injected.execute("update portico.usage set used = 0")
    assert await injected.fetchval("select used from portico.usage") == 3


async def test_flags_and_experiments_are_neither_read_nor_written(registry: Harness, injected: Injected) -> None:
    """Who is on a list, what is tried, and what came of it are the operators'."""
    await registry.rows("insert into portico.flags (name, state) values ('new-desk', 'off')")
    await registry.rows(
        "insert into portico.exposures values ('front', decode(repeat('00', 16), 'hex'), 'control', now())"
    )

    for table in ("flags", "exposures", "conversions"):
        assert await injected.fetchval(f"select count(*) from portico.{table}") == 0
    for function in ("flags_v1('', sha256('theirs'))", "track_v2('[]', sha256('theirs'))"):
        with pytest.raises(DENIED, match="needs a proof of the application"):
            await injected.execute(f"select portico.{function}")
    with pytest.raises(DENIED):
        await injected.execute("insert into portico.flags (name, state) values ('new-desk', 'on')")


async def test_no_event_is_slipped_in(registry: Harness, injected: Injected) -> None:
    """A proof that somebody has seen is for one event: another body, another id, another webhook need another."""
    prove = registry.app.running.pipeline.services.prove
    id, body, about = uuid4(), b'{"id": "e1"}', b"billing.stripe\ne1\ninvoice.paid\n"
    seen = prove(b"inbox" + id.bytes + about + body)
    receive = "select portico.receive_v1($1, $2, $3, 'invoice.paid', $4, null, now(), 'req', $5)"

    for forged in (
        (uuid4(), "billing.stripe", "e1", body),
        (id, "billing.other", "e1", body),
        (id, "billing.stripe", "e2", body),
        (id, "billing.stripe", "e1", b"{}"),
    ):
        with pytest.raises(DENIED, match="needs a proof of the application"):
            await injected.execute(receive, *forged, seen)
    with pytest.raises(DENIED, match="permission denied for table"):
        await injected.execute("select body from portico.inbox")
    assert await registry.rows("select id from portico.inbox") == []


async def test_no_plan_is_taken_without_paying(registry: Harness, everybody: Callers, injected: Injected) -> None:
    """Neither by the function nor by the table; a proof for one organization is none for another."""
    await injected.execute(f"set app.org = '{everybody.org}'")
    prove = registry.app.running.pipeline.services.prove

    for proof in (prove(f"plan/{uuid4()}/business".encode()), prove(f"plan/{everybody.org}/pro".encode())):
        with pytest.raises(DENIED, match="needs a proof of the application"):
            await injected.execute("select portico.set_plan_v1('business', $1)", proof)
    with pytest.raises(DENIED, match="permission denied"):
        await injected.execute("update portico.organizations set plan = 'business'")


async def test_every_table_is_guarded_for_everybody(registry: Harness) -> None:
    """Forced row level security; a policy for the owner and the worker, and for the others where they may read."""
    tables = await registry.rows(TABLES)

    assert [t["name"] for t in tables if not t["forced"]] == []
    assert [t["name"] for t in tables if not {"portico_owner", "portico_worker"} <= set(t["named"])] == []
    assert [t["name"] for t in tables if not set(t["granted"]) <= set(t["named"])] == []
    assert len(tables) >= 18


@pytest.mark.parametrize("secret", SECRETS.split())
async def test_secrets_are_the_functions_alone(everybody: Callers, injected: Injected, secret: str) -> None:
    """Not even one's own, and not for an operator."""
    table, _, column = secret.rpartition(".")
    for setting in ("app.operator = 'on'", f"app.org = '{everybody.org}'", f"app.\"user\" = '{everybody.owner.id}'"):
        await injected.execute(f"set {setting}")

        with pytest.raises(DENIED, match="permission denied for table"):
            await injected.execute(f"select {column} from portico.{table}")


async def test_nobody_writes_history_without_the_proof(everybody: Callers, injected: Injected) -> None:
    """What a query has done is noted under the application's proof: not for one's own organization either."""
    noted = f'{{"org_id": "{everybody.org}", "request_id": "x", "rows": [{{"action": "a", "metadata": {{}}}}]}}'

    for proof in ("'\\x00'", "null"):
        with pytest.raises(DENIED):
            await injected.execute(f"select portico.noted_v1('{noted}', {proof})")


async def test_whoever_is_nobody_sees_nothing(everybody: Callers, injected: Injected) -> None:
    """Every table is empty without a user and an organization, and for ones that are not there; not for the owner."""
    seen = []
    for user, org in (("", ""), (uuid4(), uuid4()), (everybody.owner.id, everybody.org)):
        await injected.execute(f"set app.\"user\" = '{user}'; set app.org = '{org}'")
        seen.append([await injected.fetchval(f"select count({column}) from portico.{table}") for table, column in READ])

    assert seen == [[0] * len(READ), [0] * len(READ), [1, 1, 1, 4, 2]]
