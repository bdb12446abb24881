"""The versions of the accounts, and what changed between them."""

from datetime import date

from portico import Change, Version
from portico.modules.users.v1 import changed_whole, named_whole, told_whole

V1 = Version("v1", date(2026, 11, 20), deprecated=date(2026, 11, 28), sunset=date(2027, 11, 28))
V2 = Version(
    "v2",
    date(2026, 11, 28),
    changes=(
        Change(
            date(2026, 11, 28),
            "A name is told and taken in two parts, first_name and last_name, instead of name; created_at is told.",
            answers=(told_whole,),
            inputs=(named_whole, changed_whole),
        ),
    ),
)
