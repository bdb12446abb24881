"""The calendar elsewhere, over HTTP: GET {SALON_CALENDAR_URL}/{slug of the business}, a JSON list of entries."""

import os

import httpx2
from pydantic import TypeAdapter

from portico import Tries, Unavailable, retry
from salon.diary.models import Entry

SETTING = "SALON_CALENDAR_URL"
SECONDS = 5.0
"""How long one answer is waited for."""
MOST = 2_000
ENTRIES = TypeAdapter(list[Entry])


@retry("calendar", safe=True, tries=Tries(attempts=3, base=0.2, cap=2.0))
async def entries_of(slug: str) -> list[Entry]:
    """The entries of a business, 2,000 at most; raises Unavailable where no calendar is set or it makes no sense."""
    url = os.environ.get(SETTING, "").rstrip("/")
    if not url:
        raise Unavailable
    async with httpx2.AsyncClient(timeout=SECONDS) as client:
        answer = await client.get(f"{url}/{slug}")
    answer.raise_for_status()
    try:
        found = ENTRIES.validate_json(answer.content)
    except ValueError as problem:
        raise Unavailable from problem
    return list({entry.id: entry for entry in found[:MOST]}.values())
