"""The life of a call, as a list: the docs draw it, and a test holds it against a running call."""

from typing import NamedTuple


class Step(NamedTuple):
    """One step: what happens, and the function that does it."""

    name: str
    what: str
    function: str


LIFE = (
    Step("route", "Which action is meant; 404 and 405 end here.", "Router.find"),
    Step("size", "A body that says it is too large is refused unread.", "Line.check_size"),
    Step("origin", "A browser's request from another site is refused.", "check_origin"),
    Step("caller", "Limits by address; a credential must be present, not yet trusted.", "arrive"),
    Step(
        "decode", "Body, query, path and headers become the input; what is wrong is kept back.", "RestEndpoint.receive"
    ),
    Step("recall", "Who was just told to wait is told so again, without the database.", "Recall.check"),
    Step(
        "begin",
        "A transaction, READ ONLY for a query; its BEGIN goes out when first needed.",
        "PostgresDatabase.lazily",
    ),
    Step(
        "gate",
        "Who calls, in which organization, what is known of the key and the row: one trip.",
        "PostgresTransaction.gate",
    ),
    Step("admit", "401, 403, limits by user or organization: in this order.", "let_in"),
    Step("decide", "422, replay, state: in this order.", "decide_all"),
    Step("handle", "Asynchronous refinements, then the handler.", "perform"),
    Step("encode", "The answer's bytes, made once.", "Codec._data"),
    Step("close", "Audit rows, events, jobs, the stored answer: the journal of the call.", "journal_of"),
    Step("commit", "The journal and COMMIT in one trip, and the server must say so.", "PostgresTransaction.commit"),
    Step("drop", "After the commit: kept answers that it made stale are void before anybody is told of it.", "drop"),
    Step("wake", "After the commit: workers are told that there is work; nobody waits for them.", "announce"),
    Step("answer", "The first byte leaves.", "send_answer"),
    Step("log", "One line.", "write_access"),
)

_HANDLE = [step.name for step in LIFE].index("handle")

# The life of a call that works outside of the transaction (`External`, under an Idempotency-Key), where it differs.
OUTSIDE = (
    *LIFE[:_HANDLE],
    Step("claim", "The key is held for this call, for as long as it can take: committed.", "hold_key"),
    Step("call", "The handler, with nothing open: in time, under the service's breaker.", "Guard.enter"),
    Step("handle", "Each statement and each `ctx.transaction()` is a transaction of its own.", "perform"),
    *LIFE[_HANDLE + 1 : _HANDLE + 3],
    Step("settle", "The journal takes the claim's place: in one transaction, as the same caller.", "_settle_once"),
    *LIFE[_HANDLE + 4 :],
)
