"""What each plan of the Salon allows."""

from portico import Allowance, Quotas

QUOTAS = Quotas(
    {
        "free": Allowance({"staff": 4}),
        "pro": Allowance({"staff": 15}),
        "business": Allowance({"staff": -1}),
    },
    counted={"staff": "select count(*) from staff"},
)
