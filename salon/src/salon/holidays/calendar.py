"""The calendar of public holidays elsewhere, over HTTP: GET {SALON_HOLIDAYS_URL}/{year}/{country}."""

import os

import httpx2
from pydantic import TypeAdapter

from portico import Unavailable
from salon.holidays.models import Holiday, Published, Wanted

SETTING = "SALON_HOLIDAYS_URL"
SECONDS = 5.0
"""How long one answer is waited for."""
MOST = 400
PUBLISHED = TypeAdapter(list[Published])


async def published(wanted: Wanted) -> list[Holiday]:
    """The holidays of a year by day; raises Unavailable where no calendar is set or it makes no sense."""
    url = os.environ.get(SETTING, "").rstrip("/")
    if not url:
        raise Unavailable
    async with httpx2.AsyncClient(timeout=SECONDS) as client:
        answer = await client.get(f"{url}/{wanted.year}/{wanted.country}")
    if answer.status_code == httpx2.codes.NOT_FOUND:
        return []
    answer.raise_for_status()
    try:
        found = PUBLISHED.validate_json(answer.content)[:MOST]
    except ValueError as problem:
        raise Unavailable from problem
    days = {p.day: Holiday(day=p.day, name=p.name) for p in found if not p.regions or wanted.region in p.regions}
    return [days[day] for day in sorted(days)]
