"""What each plan of the Salon allows."""

from portico import Allowance, Quotas

QUOTAS = Quotas(
    {
        "free": Allowance({"staff": 4, "members": 5}),
        "pro": Allowance({"staff": 15, "members": 25}),
        "business": Allowance({"staff": -1, "members": -1}),
    },
    counted={"staff": "select count(*) from staff"},
)
