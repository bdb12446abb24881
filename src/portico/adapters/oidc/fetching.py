"""Requests to issuers: short, small, and only where they were sent."""

import asyncio
import json
from collections.abc import Mapping
from typing import NamedTuple

import httpx2

TIMEOUT = 5.0
"""Seconds that a whole request may take."""
MOST = 256 * 1024
"""The largest answer, in bytes."""
PLAIN = {"Accept": "application/json", "Accept-Encoding": "identity"}


class FetchFailed(Exception):
    """An issuer did not answer as it should; says why, for the log."""


class Answer(NamedTuple):
    """What came back."""

    status: int
    document: dict[str, object]


class Wire:
    """One pool of connections to all issuers."""

    def __init__(self) -> None:
        """Nothing is opened before the first request."""
        self._client: httpx2.AsyncClient | None = None

    async def get(self, url: str, *, bearer: str | None = None) -> dict[str, object]:
        """The JSON object at an address; raises FetchFailed where there is none."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        answer = await self._send(url, headers)
        if answer.status != 200:
            raise FetchFailed(f"{url} answered {answer.status}")
        return answer.document

    async def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """What the address answers to a form; raises FetchFailed where that is no JSON object."""
        return await self._send(url, headers, form)

    async def close(self) -> None:
        """Close the pool."""
        if self._client is not None:
            await self._client.aclose()

    async def _send(self, url: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None) -> Answer:
        self._client = self._client or httpx2.AsyncClient(timeout=TIMEOUT, follow_redirects=False)
        try:
            async with asyncio.timeout(TIMEOUT):
                method = "GET" if form is None else "POST"
                request = self._client.stream(method, url, headers={**PLAIN, **headers}, data=form)
                async with request as response:
                    return Answer(response.status_code, _object(await _body(response), url))
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as problem:
            raise FetchFailed(f"{url} could not be reached: {type(problem).__name__}") from problem


async def _body(response: httpx2.Response) -> bytes:
    """The bytes as they came: an answer that is packed could unpack to any size."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise FetchFailed(f"{response.url} answered with an encoding that was not asked for")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MOST:
            raise FetchFailed(f"{response.url} answered more than {MOST} bytes")
    return bytes(body)


def _object(body: bytes, url: str) -> dict[str, object]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise FetchFailed(f"{url} answered something that is no JSON object")
    return document
