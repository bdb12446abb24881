"""`portico users|orgs|keys|sessions`: what operators do from the command line, as they type it."""

import json
from typing import Any

import pytest

from tests.integration.cli.conftest import Held
from tests.integration.cli.programs import Portico


@pytest.fixture(scope="module")
def shop(own_program: Portico, own: Held) -> Portico:
    """The program, with one organization of two people."""
    run(own_program, "users", "create", "ada@example.com", "--name", "Ada", "--operator")
    run(own_program, "users", "create", "bob@example.com")
    sql(own, "insert into portico.organizations (name, slug) values ('Acme', 'acme')")
    run(own_program, "orgs", "role", "acme", "ada@example.com", "owner")
    run(own_program, "orgs", "role", "acme", "bob@example.com", "member")
    return own_program


def run(program: Portico, *arguments: str, fails: bool = False) -> str:
    """What the program says; it must end well, or with one sentence."""
    code, said = program.run(*arguments, "shop:app", PORTICO_URL="https://shop.test")
    assert (code != 0) == fails, said
    assert "Traceback" not in said
    return said


def listed(program: Portico, *arguments: str) -> list[dict[str, Any]]:
    """A list as JSON."""
    found: list[dict[str, Any]] = json.loads(run(program, *arguments, "--json"))
    return found


def sql(own: Held, statement: str) -> list[Any]:
    """A statement as the owner of the shop's database."""
    import asyncpg

    async def go() -> list[Any]:
        connection = await asyncpg.connect((await own.server.database(own.database)).owner)
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()

    return own.portal.call(go)


def test_accounts_are_listed_searched_and_made_operators(shop: Portico, own: Held) -> None:
    """By address and by either name, for people and for programs."""
    sql(own, "update portico.users set last_name = 'Lovelace' where email = 'ada@example.com'")
    run(shop, "users", "operator", "bob@example.com")

    operators = {row["email"] for row in listed(shop, "users", "list", "--operators")}
    refused = run(shop, "users", "operator", "bob@example.com", "--revoke", fails=True)
    run(shop, "users", "operator", "bob@example.com", "--revoke", "--yes")

    assert operators == {"ada@example.com", "bob@example.com"}
    assert "bob@example.com sees and changes no account but their own any more. Go on?" in refused
    assert [row["email"] for row in listed(shop, "users", "list", "--search", "ADA")] == ["ada@example.com"]
    assert [row["name"] for row in listed(shop, "users", "list", "--search", "a love")] == ["Ada Lovelace"]
    assert "bob@example.com" in run(shop, "users", "list")
    assert not listed(shop, "users", "list", "--search", "bob")[0]["operator"]


def test_a_link_sets_a_password_without_a_mail(shop: Portico, own: Held) -> None:
    """For whom no mail reaches; only the hash of its token is kept."""
    said = run(shop, "users", "link", "bob@example.com")

    token = said.strip().removeprefix("https://shop.test/reset-password?token=")
    known = sql(own, f"select 1 from portico.challenges where token_hash = sha256('{token}')")
    assert len(known) == 1


def test_a_lost_second_factor_is_turned_off(shop: Portico, own: Held) -> None:
    """With the recovery codes that belonged to it."""
    where = "where email = 'bob@example.com'"
    sql(own, f"update portico.users set totp_secret = 'sealed', totp_since = now() {where}")
    sql(own, f"insert into portico.recovery_codes select id, sha256('code') from portico.users {where}")

    run(shop, "users", "second-factor-off", "--yes", "bob@example.com")

    assert not listed(shop, "users", "list", "--search", "bob")[0]["two_factor"]
    assert sql(own, "select 1 from portico.recovery_codes") == []


def test_what_does_not_exist_is_said_in_one_sentence(shop: Portico) -> None:
    """Wrong addresses, slugs and ids, and an address that is none."""
    assert "There is no user nobody@example.com." in run(shop, "users", "link", "nobody@example.com", fails=True)
    assert "There is no organization nowhere." in run(shop, "orgs", "members", "nowhere", fails=True)
    assert "is no e-mail address" in run(shop, "users", "create", "nobody", fails=True)
    assert "has an account already" in run(shop, "users", "create", "ADA@example.com", fails=True)
    missing = "018f0000-0000-7000-8000-000000000001"
    assert f"There is no API key {missing}." in run(shop, "keys", "revoke", "--yes", missing, fails=True)


def test_the_last_owner_stays(shop: Portico) -> None:
    """Neither deleted nor made a member, until there is another."""
    assert "is the last owner of" in run(shop, "users", "delete", "--yes", "ada@example.com", fails=True)
    assert "is the last owner of" in run(shop, "orgs", "role", "acme", "ada@example.com", "member", fails=True)
    assert {row["role"] for row in listed(shop, "orgs", "members", "acme")} == {"owner", "member"}


def test_a_role_is_one_that_there_is(shop: Portico, own: Held) -> None:
    """The application's, or one that the organization has made; a slip gives nobody a role that can do nothing."""
    sql(own, "insert into portico.roles select id, 'baker', '', '{orders:read}' from portico.organizations")

    misspelled = run(shop, "orgs", "role", "acme", "bob@example.com", "memberr", fails=True)
    empty = run(shop, "orgs", "role", "acme", "ada@example.com", "", fails=True)
    said = run(shop, "orgs", "role", "acme", "bob@example.com", "baker")
    given = sql(own, "select custom_role from portico.members where role = 'baker'")
    run(shop, "orgs", "role", "acme", "bob@example.com", "member")

    assert 'There is no role "memberr" in acme: it has admin, member, owner, baker.' in misspelled
    assert 'There is no role "" in acme' in empty
    assert said == "bob@example.com is baker of acme.\n"
    assert [row[0] for row in given] == ["baker"]


def test_a_role_of_the_application_comes_before_one_of_its_name(shop: Portico, own: Held) -> None:
    """Which the organization has made before the application had it."""
    sql(own, "insert into portico.roles select id, 'admin', '', '{orders:read}' from portico.organizations")

    run(shop, "orgs", "role", "acme", "bob@example.com", "admin")
    given = sql(own, "select custom_role from portico.members where role = 'admin'")
    run(shop, "orgs", "role", "acme", "bob@example.com", "member")

    assert [row[0] for row in given] == [None]


def test_whoever_is_given_another_role_invites_nobody_any_more(shop: Portico, own: Held) -> None:
    """As where a member gives it; an owner's invitations stay."""
    invited = """insert into portico.invitations (org_id, email, role, token_hash, invited_by, expires_at)
                 select org_id, email, 'member', sha256(email::bytea), user_id, now() + interval '1 day'
                   from portico.members join portico.users u on u.id = user_id"""
    sql(own, invited)

    for email, role in (("ada@example.com", "owner"), ("bob@example.com", "member")):
        run(shop, "orgs", "role", "acme", email, role)

    open_ones = sql(own, "delete from portico.invitations where status = 'open' returning email")
    assert [row[0] for row in open_ones] == ["ada@example.com"]


def test_what_an_api_key_acts_as_is_no_owner(shop: Portico, own: Held) -> None:
    """Else the last person could go."""
    sql(own, "insert into portico.users (kind, email) values ('service', 'bot@service.invalid')")

    said = run(shop, "orgs", "role", "acme", "bot@service.invalid", "owner", fails=True)
    sql(own, "delete from portico.users where kind = 'service'")

    assert "no key is an owner" in said


def test_an_organization_is_linked_to_what_an_issuer_calls_it(shop: Portico, own: Held) -> None:
    """Once; and no longer, when the operator says so."""
    named = ("acme", "https://login.example.com", "org_1")
    links = "select external_id from portico.linked_organizations"

    for _ in range(2):
        assert "org_1 of https://login.example.com is acme." in run(shop, "orgs", "link", *named)
    linked = sql(own, links)
    asked = run(shop, "orgs", "link", "--remove", *named, fails=True)
    run(shop, "orgs", "link", "--remove", "--yes", *named)

    assert ([row[0] for row in linked], sql(own, links)) == (["org_1"], [])
    assert "make no members of acme any more. Go on?" in asked


def test_an_organization_is_deleted_restored_and_purged_in_that_order(shop: Portico, own: Held) -> None:
    """A purge wants a deletion first, and then leaves nothing but the audit."""
    org = sql(own, "insert into portico.organizations (name, slug) values ('Gone', 'gone') returning id")[0][0]
    refused = run(shop, "orgs", "purge", "--yes", str(org), fails=True)
    run(shop, "orgs", "delete", "--yes", "gone")
    run(shop, "orgs", "restore", str(org))
    run(shop, "orgs", "plan", "gone", "pro")
    run(shop, "orgs", "delete", "--yes", "gone")

    said = run(shop, "orgs", "purge", "--yes", str(org))

    assert "is not deleted" in refused
    assert "is gone" in said
    assert [row["slug"] for row in listed(shop, "orgs", "list", "--deleted")] == ["acme"]
    audited = [row[0] for row in sql(own, f"select action from portico.audit where org_id = '{org}' order by id")]
    assert audited[0] == "organization.deleted"
    assert audited[-1] == "organization.purged"


def test_sessions_are_listed_and_ended(shop: Portico, own: Held) -> None:
    """One person's, or everybody's; one must say which, and nobody is everybody."""
    sql(
        own,
        "insert into portico.sessions (token_hash, user_id, device, expires_at) "
        "select sha256(email::bytea), id, 'Firefox on Linux', now() + interval '1 day' from portico.users",
    )

    assert "Say which" in run(shop, "sessions", "end", fails=True)
    assert "There is no user" in run(shop, "sessions", "end", "--yes", "--user", "", fails=True)
    assert run(shop, "sessions", "end", "--yes", "--user", "bob@example.com") == "1 session ended.\n"
    assert [row["email"] for row in listed(shop, "sessions", "list")] == ["ada@example.com"]


def test_keys_are_listed_and_revoked(shop: Portico, own: Held) -> None:
    """An organization's key takes its service member with it."""
    key = sql(
        own,
        "with s as (insert into portico.users (email, kind) values ('robot@keys.invalid', 'service') returning id) "
        "insert into portico.api_keys (key_hash, hint, name, user_id, org_id, scopes) "
        "select sha256('k'), 'pk_abc', 'Robot', s.id, o.id, '{*}' "
        "from s, portico.organizations o where o.slug = 'acme' "
        "returning id",
    )[0][0]
    found = listed(shop, "keys", "list", "--org", "acme")

    run(shop, "keys", "revoke", "--yes", str(key))

    assert [(row["name"], row["of"], row["scopes"]) for row in found] == [("Robot", "acme", ["*"])]
    assert listed(shop, "keys", "list") == []
    assert sql(own, "select 1 from portico.users where kind = 'service'") == []


NOBODY = "018f0000-0000-7000-8000-000000000002"


@pytest.mark.parametrize(
    ("command", "consequence"),
    [
        ("users second-factor-off ada@example.com", "ada@example.com signs in without a second factor, until a new"),
        (
            "users delete ada@example.com",
            "The account ada@example.com is removed with its sessions and keys, for",
        ),
        ("orgs delete acme", "Nobody can work in acme any more, until it is restored."),
        (f"orgs purge {NOBODY}", f"{NOBODY} and every row that belongs to it are removed, for good."),
        (f"keys revoke {NOBODY}", f"The API key {NOBODY} stops working, for good."),
        ("sessions end --all", "Whoever is signed in by them has to sign in again."),
        ("flags reset late-hours", "The state, the percentage and the lists of late-hours are forgotten."),
    ],
)
def test_what_takes_something_away_says_so_and_asks(
    shop: Portico, own: Held, *, command: str, consequence: str
) -> None:
    """Whoever gives no answer, a script without `--yes` among them, has changed nothing."""
    before = sql(own, "select from portico.audit")

    said = run(shop, *command.split(), fails=True)

    assert consequence in said
    assert ". Go on? [y/N]: " in said
    assert sql(own, "select from portico.audit") == before
