"""What things are called in TypeScript."""

import pytest

from portico import App, Misconfigured, Module, Public, PublicContext
from portico.core.plan import Plan
from portico.generate.typescript.names import action_name, check_names, member_name, model_name, own_names, type_name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("customers.create", "CustomersCreate"),
        ("users_v2.find", "UsersV2Find"),
        ("identity.confirm_by_passkey", "IdentityConfirmByPasskey"),
        ("Customer", "Customer"),
        ("NewCustomer-Input", "NewCustomerInput"),
        ("salon__appointments__models__Day", "SalonAppointmentsModelsDay"),
        ("Slice_Customer_", "SliceCustomer"),
    ],
)
def test_a_type_is_spelled_in_words(text: str, expected: str) -> None:
    """Whatever separates them is left out, and what has capitals keeps them."""
    assert type_name(text) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("Error", "ErrorModel"),
        ("Record", "RecordModel"),
        ("Promise", "PromiseModel"),
        ("Refusal", "RefusalModel"),
        ("Page", "PageModel"),
        ("Changes", "ChangesModel"),
        ("Customer", "Customer"),
        ("Errors", "Errors"),
    ],
)
def test_a_model_leaves_the_names_of_the_language_and_the_client_alone(key: str, expected: str) -> None:
    """A model called `Error` would hide the one that refusals are made of."""
    assert model_name(key) == expected


def test_the_client_s_own_names_are_read_off_its_sources() -> None:
    """So that a new one is never forgotten."""
    assert {"Refusal", "Client", "Outcome", "Page", "Change", "QueryHookOptions"} <= own_names()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("name", "name"), ("_name", "_name"), ("if-match", '"if-match"'), ("1st", '"1st"'), ('a"b', '"a\\"b"')],
)
def test_a_member_that_is_no_word_is_quoted(name: str, expected: str) -> None:
    """Aliases may be anything."""
    assert member_name(name) == expected


def test_an_action_begins_small() -> None:
    """It is a value."""
    assert action_name(plan("shelves", "look_up")) == "shelvesLookUp"


@pytest.mark.parametrize("model", ["ShelvesFind", "ShelvesFindInput", "ShelvesFindResult", "ShelvesFindRefusal"])
def test_a_model_may_not_have_an_action_s_name(model: str) -> None:
    """Nobody could tell which is meant; the refusal names both."""
    with pytest.raises(Misconfigured, match=rf"shelves\.find and the model {model} are both {model} in TypeScript"):
        check_names([plan("shelves", "find")], [model])


def test_other_names_are_let_pass() -> None:
    """Several actions and models stand side by side."""
    check_names([plan("shelves", "find"), plan("jars", "find")], ["Shelf", "Jar"])


def plan(module: str, function: str) -> Plan:
    """The plan of a query that is called so."""
    made = Module(module, Public("why"))

    async def ask(_ctx: PublicContext) -> int:
        raise NotImplementedError

    ask.__name__ = function
    made.query("GET /it")(ask)
    return App(module, modules=[made]).plans[f"{module}.{function}"]


def test_two_models_may_not_be_spelled_alike() -> None:
    """Each would take the other's members: that of a generic model, and one that somebody has called so."""
    with pytest.raises(Misconfigured, match=r"the model BoxInt and the model Box_int_ are both BoxInt in TypeScript"):
        check_names([], ["Box_int_", "BoxInt"])
