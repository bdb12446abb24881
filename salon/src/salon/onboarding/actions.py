"""The onboarding wizard: basic info, services, publish."""

from portico import Anyone, Interactive, Invalidates, Raises, RateLimit, UserContext
from portico.modules.drafts import Draft
from portico.modules.organizations import SlugTaken, create
from salon.onboarding.models import BasicInfo, Publish, Published, Services
from salon.services.errors import ServiceExists

onboarding = Draft(
    "onboarding",
    Anyone("whoever signs up may found a business"),
    Interactive(),
    steps=(BasicInfo, Services, Publish),
)

# The organization that was just founded is where the call goes on: its rows are those of nobody else.
OFFER = """
    insert into services (name, duration_minutes, price_minor, currency)
    select n.name, n.duration_minutes, n.price_minor, n.currency
      from jsonb_to_recordset(cast(:offers as jsonb))
           as n (name text, duration_minutes int, price_minor int, currency text)
"""
OPEN = """
    insert into opening_hours (weekday, opens, closes)
    select n.weekday, n.opens, n.closes
      from jsonb_to_recordset(cast(:spans as jsonb)) as n (weekday int, opens time, closes time)
"""


@onboarding.finalize(
    RateLimit("10/h", fail="closed"),
    Raises(SlugTaken),
    Raises(ServiceExists, on="services_name_key"),
    Invalidates("organizations", "services", "hours"),
)
async def publish(ctx: UserContext, *, info: BasicInfo, offered: Services, opening: Publish) -> Published:
    """Found the business with its services and opening hours; the caller becomes its owner."""
    founded = await ctx.call(create, data=info)
    offers = [
        {**offer.model_dump(exclude={"price"}), "price_minor": int(offer.price * 100), "currency": info.currency}
        for offer in offered.services
    ]
    await ctx.db.execute(OFFER, offers=offers)
    await ctx.db.execute(OPEN, spans=[span.model_dump(mode="json") for span in opening.spans])
    return Published(id=founded.id, slug=founded.slug, services=len(offers))
